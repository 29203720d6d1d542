# digest
usage-digest = 摘要 [8:00] [星期几]
about-digest = 摘要的时间；单独输入则显示待发内容
example-digest = 摘要 8:00
digest-set = 摘要于 { $time }（{ $zone }）发出，下一次为 { $next }。
digest-how = 请写摘要的时间：{ $example }
digest-moved = 每周摘要的日子已定。{ $subscription }。
digest-no-weekly = 本频道没有每周摘要，只有每日摘要。要开始请输入：{ $subscribe } 名单和公司 { $weekly }
digest-empty = 没有等待摘要的事件。下一次摘要最早为 { $next }。
digest-waiting = 有 { $count } 个事件等待摘要：
digest-of = { $subscription }：{ $count } 个事件，{ $next }

# quiet
usage-quiet = 免打扰 [22:00-07:00 或 关闭]
about-quiet = 这段时间不发消息，内容放入摘要
example-quiet = 免打扰 22:00-07:00
quiet-set = { $start } 至 { $end }（{ $zone }）免打扰；其间的内容放入 { $digest } 的摘要。
quiet-off = 没有免打扰时间：有消息即通知。
quiet-how = 设置：{ $command }
quiet-wrong = 从几点到几点？{ $command }

# budget
usage-budget = 上限 [20 或 关闭]
about-budget = 每天最多几条消息，其余放入摘要
example-budget = 上限 20
budget-set = { $count ->
    [0] 不单独发消息，全部放入 { $digest } 的摘要。
   *[other] 每天最多 { $count } 条消息，其余放入 { $digest } 的摘要。
}传闻被证实或否认仍会通知。
budget-off = 没有上限：有多少消息就发多少。
budget-how = 设置：{ $command }
budget-wrong = 每天几条，0 到 { $most }？{ $command }

# zone
usage-zone = 时区 [Asia/Shanghai]
about-zone = 本频道所在的时区
example-zone = 时区 Asia/Shanghai
zone-set = 本频道的时间以 { $zone } 为准，现在是 { $now }。下一次摘要为 { $next }。
zone-how = 更改：{ $command }
zone-near = 没有时区“{ $zone }”。是不是要输入：{ $command }
zone-unknown = 没有时区“{ $zone }”。请用英文写洲和城市：{ $command }

# language
usage-language = 语言 [zh]
about-language = 本频道的消息和回答用什么语言
example-language = 语言 zh
language-set = 本频道的消息和回答使用{ $language }。
language-partly = 本频道的消息使用{ $messages }，命令的回答使用{ $answers }。
language-how = 可选 { $known }。更改：{ $command }
language-unknown = 这里没有语言“{ $language }”。可选 { $known }。
