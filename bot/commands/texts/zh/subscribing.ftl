# subscribe, unsubscribe
usage-subscribe = 订阅 名单和公司 [筛选]
about-subscribe = 收到相关消息；筛选：-比亚迪、类型:建厂、确定性:已证实、重要性:高、语言:zh、媒体:路透社、动作、全部、每日 8:00、每周 周一
example-subscribe = 订阅 chinese-ev-makers 大众 -比亚迪 类型:合资,建厂 每日 8:00
usage-unsubscribe = 取消订阅 [编号、名单和公司 或 全部]
about-unsubscribe = 不再收到；单独输入则显示本频道的订阅
example-unsubscribe = 取消订阅 3

subscribe-how = 订阅哪些名单和公司？例如：
subscribe-not-here = 我还不在这个频道里，没法在这里发消息。请先输入：
subscribe-lists = 名单：{ $lists }
subscribe-nothing = 请至少写一个名单或公司；全部名单：名单
subscribe-nobody-left = 写出的公司又全被排除，没有剩下的了。
subscribe-done = 已订阅。{ $subscription }（{ $companies } 家公司）。
subscribe-again = 已经订阅过了。{ $subscription }。
subscribe-would = { $count ->
    [0] 过去 { $days } 天不会有消息。
    [1] 过去 { $days } 天会有 1 个事件，{ $soon ->
        [0] 在摘要中。
       *[other] 立即通知。
    }
   *[other] 过去 { $days } 天会有 { $count } 个事件，{ $soon ->
        [0] 都在摘要中。
       *[other] 其中 { $soon } 个立即通知。
    }最新的：
}
subscribe-undo = 撤销：{ $command }
filter-empty = “{ $filter }:”后面应写什么？例如 类型:建厂、语言:zh、重要性:高。
filter-unknown = { $filter }：不认识“{ $value }”。是不是 { $near }？
filter-choices = { $filter }：不认识“{ $value }”。可选：{ $known }

unsubscribe-none = 本频道还没有订阅。请输入：{ $command } 名单和公司
unsubscribe-which = 本频道有 { $count } 个订阅；要取消请输入：
unsubscribe-one = { $subscription }（取消：{ $command }）
unsubscribe-done = 已取消。{ $subscription }。
unsubscribe-left = { $count ->
    [0] 本频道现在没有订阅了。
   *[other] 还有 { $count } 个订阅。
}
unsubscribe-undo = 重新订阅：{ $command }
unsubscribe-no-number = 本频道没有编号为 { $number } 的订阅。现有：
unsubscribe-part = { $what } 只是某个订阅的一部分。请取消整个订阅，或将这部分静音：
unsubscribe-not-there = 本频道没有订阅 { $what }。现有：

# A subscription, a mute in words
subscription = { $number }：{ $what }
subscription-part = { $what }；{ $part }
when-at-once = 立即
when-daily = 每日 { $time }
when-weekly = 每周{ $day ->
    [0] 一
    [1] 二
    [2] 三
    [3] 四
    [4] 五
    [5] 六
   *[6] 日
} { $time }
when-quiet = { $when }（{ $at } 在免打扰时段内）
limit-without = 不含 { $companies }
limit-only = 仅 { $what }
limit-severity = 重要性不低于{ $severity }
limit-languages = 语言为 { $languages }
limit-outlets = 媒体为 { $outlets }
appetite-moves = 仅动作
appetite-all = 其他消息也立即通知
subscription-paused = 已暂停：{ $why }
paused-list-left = 已不在规则中：{ $lists }
mute-until = 至 { $moment }
mute-for-ever = 永久
mute-in-words = { $number }：{ $name }，{ $until }{ $where ->
    [everywhere] ，所有频道
   *[here] {""}
}

# list
usage-list = 名单 [名称]、名单 新建|添加|移除|删除 名称 公司…
about-list = 各名单及其公司；可自建
example-list = 名单 新建 对手 比亚迪 长城 小鹏
list-line = { $id }：{ $title }，{ $count } 家公司{ $made ->
    [chat] ，在聊天中建立
   *[rules] {""}
}
list-how = 查看某个名单：{ $command }
list-all = 全部名单：{ $command }
list-of-company = { $company } 在这些名单中：{ $lists }
list-new-how = 新名单需要一个名称（一个词，或加引号）和公司：{ $command } 对手 比亚迪 蔚来
list-bad-name = “{ $name }”不能作名单名称：须为文字，最多 60 个字符，不能只有数字。
list-name-taken = “{ $name }”已是其他东西的名称，请换一个。
list-made = 已建立名单“{ $name }”，{ $count } 家公司：{ $companies }。
list-changed = 名单“{ $name }”现有 { $count } 家公司：{ $companies }。
list-subscribe = 订阅它：{ $command }
list-which = 哪个名单？
list-unknown = 没有名单“{ $name }”。
list-of-rules = { $name } 来自规则，不能在聊天中更改。可自建：{ $command } 名称 公司…
list-of-whom = 哪些公司？
list-empty = 那样 { $name } 就空了。要删除名单：{ $command }
list-end-how = 只写名单名称：{ $command }
list-ended = 名单“{ $name }”已删除。
list-going-on = 不再包含它，继续有效：{ $subscription }。
list-ended-elsewhere = 其他频道有 { $count } 个订阅用到它，将通知这些频道。
list-undo = 重新建立：{ $command }
list-undo-subscribe = 然后：{ $command }

# mute, unmute, mutes, useful, useless
usage-mute = 静音 公司、名单 或 S42 [7天、至 日期、永久] [所有频道]
about-mute = 暂时不收到相关消息，默认一周
example-mute = 静音 比亚迪 2周
usage-unmute = 取消静音 [公司、名单、S42、M3 或 全部]
about-unmute = 重新收到
example-unmute = 取消静音 比亚迪
usage-mutes = 静音列表
about-mutes = 本频道静音了什么
example-mutes = 静音列表
usage-useful = 有用 [S42]
about-useful = 这个事件值得通知
example-useful = 有用 S42
usage-useless = 没用 [S42]
about-useless = 这个事件不值得通知
example-useless = 没用 S42
usage-unrate = 撤回评价 [S42]
about-unrate = 撤回您对事件的评价
example-unrate = 撤回评价 S42
mute-how = 静音哪家公司或哪个事件？例如：
mute-done = 已静音。{ $mute }。
mute-undo = 撤销：{ $command }
mute-over = { $date } 已经过去了。
mutes-none = 这里没有静音。
mutes-one = { $mute }（取消：{ $command }）
unmute-done = 已取消静音。{ $mute }。
unmute-which = 哪一个？
useful-done = 已记录：{ $story } 有用。
useless-done = 已记录：{ $story } 没用。
unrate-done = 已撤回：您对 { $story } 的评价。
unrate-nothing = 您还没有评价过 { $story }。
feedback-again = 对 { $story } 已经这样评价过了。
