# 一篇报道在本频道的结果。
verdict-unread = 因程序错误未能读取：{ $reason }
verdict-no-company = 文中没有我们认识的公司。
verdict-no-claim = 文中提到 { $companies }，但没有规则成立。
verdict-draft = 只有试用规则成立（{ $rules }）：不会发送。
verdict-only-retold = 只是重述已知事实：不会发送。
verdict-backlog = 首次读取信息源 { $feed } 时它已在其中：可供查询，未发送。
verdict-not-watched = 本频道无人关注 { $companies }。如需关注：{ $words }
verdict-watched-since = 当时本频道无人关注 { $companies }；现在由订阅 { $numbers } 关注。
verdict-side-only = { $companies } 只是被顺带提及：报道讲的是 { $about }（{ $story }）。
verdict-severity = { $severity ->
    [low] 低
    [normal] 中
   *[high] 高
}
verdict-filtered = { $filter ->
    [without] 已排除（{ $value }）
    [moves] 不是动作，而是{ $value }
    [kinds] 类型不符（{ $value }）
    [certainties] 确定性不符（{ $value }）
    [languages] 语言不符（{ $value }）
    [outlets] 媒体不符（{ $value }）
   *[severity] 重要性不够（{ $value }）
}，订阅 { $subscription }
verdict-old-story = { $story } 已超过 7 天，且从未在本频道发送。
verdict-nothing-new = 没有新内容。
verdict-nothing-new-of = 没有 { $story } 之外的新内容。
verdict-same-as = 与另一篇报道相同：只发送一次。
verdict-same-as-entry = 与另一篇报道相同：{ $entry }
verdict-same-as-story = 与 { $story } 的另一篇报道相同：{ $entry }
verdict-muted = 当时已静音：{ $mute }
verdict-muted-then = 当时已静音（{ $mutes }）。
verdict-muted-now = 目前静音：{ $mute }
verdict-paused = 当时本频道已暂停。
verdict-root = 已在本频道即时发送，即 { $story } 的消息。
verdict-line = 已在本频道 { $story } 下追加一行：它改变了消息的确定性。
verdict-edit = 已在本频道发送：并入 { $story } 的消息。
verdict-held = { $why ->
    [news] 不属于动作的消息进入摘要
    [overflow] 其信息源一次带来的消息过多
    [quiet] 到达时正值免打扰时段
    [budget] 当日限额已用完
    [catch-up] evwatch 当时进度落后
   *[digest] 该订阅以摘要发送
}
verdict-waits-until = { $story } 等待 { $at } 的摘要：{ $why }。
verdict-waits-muted = { $story } 等待 { $at } 的摘要，但静音期间不会列入：{ $mutes }
verdict-waits-paused = { $story } 等待{ $what ->
    [channel] 本频道
   *[subscription] 订阅 { $number }
}恢复：{ $why }。
verdict-dropped = { $story } 不再等待：{ $what ->
    [ended] 订阅 { $number } 已结束。
   *[muted] 摘要发出时它已静音。
}
verdict-told-since = { $story } 原等待摘要（{ $why }），之后已在本频道发送。
verdict-in-digest = { $story } 已在本频道的摘要中发送：{ $why }。
verdict-subscription = 因 { $companies } 受关注，订阅 { $subscription }
verdict-subscription-ended = 因 { $companies } 受关注，订阅 { $number }（已结束）。

# why
about-why = 本频道为何收到一条消息
usage-why = 为什么 S42
example-why = 为什么 S42
why-story = { $story } { $claim }
why-since = 此后：{ $certainty }。
why-untold = { $story } 未在本频道发送。
why-own-word = { $outlet } 自行报道，未说明消息来源。
why-rule = 规则 { $rule }：{ $title }（重要性 { $severity ->
    [low] 低
    [normal] 中
   *[high] 高
}）
why-rule-gone = 规则 { $rule }，现已不存在。
why-other-rules = 读取时的规则与今天不同。

# why-not
about-why-not = 本频道为何没有收到一篇报道
usage-why-not = 为什么没有 链接、标题或 S42
example-why-not = 为什么没有 https://news.example/article
whynot-entry = { $entry }，信息源 { $feed }
whynot-rest = 另有 { $count } 篇报道
whynot-unknown-link = 没有信息源带来 { $host } 的这个链接。
whynot-no-feed = 没有来自 { $host } 的信息源。
whynot-unknown-title = 已读内容中没有标题为“{ $title }”的报道。
whynot-no-text = 正文在 90 天后已删除：只能重新查看标题。
whynot-today = 按今天的规则：{ $claim }

# 距离成立还缺什么。
miss = { $what }。
miss-in = { $what }：“{ $sentence }”
miss-rule = { $rule }：{ $what }
miss-or = { $first }或{ $second }
miss-words = { $examples } 之类的词
miss-list = { $examples } 之类的词（{ $list }）
miss-sector = 公司（{ $sectors }）
miss-where = { $within ->
    [clause] 紧邻处
    [sentence] 句中
    [paragraph] 段落中
   *[entry] 文中
}
miss-terms = { $where }只缺 { $wanted }
miss-partner = { $where }只缺共同行动的 { $count } 家公司
miss-unwanted = { $where }因 { $wanted } 被排除
miss-subject = 出现了 { $words }，但并非其所为
miss-proof = 仅凭“{ $words }”不能认定公司，旁边缺少 { $wanted }
miss-anchor = 有 { $words }，但没有说明其做了什么：{ $wanted }
miss-company = “{ $words }”旁边没有我们认识的公司
miss-nothing = 没有我们认识的公司，也没有表示动作的词

# read
about-read = 从一段文字中读出了什么
usage-read = 阅读 文字
example-read = 阅读 据晚点报道，小米计划造车。
read-no-language = 未知语言
read-summary = { $language }：{ $claims ->
    [0] 没有判断，不会通知任何人。
   *[other] { $claims } 项判断。
}
read-claim = { $standing ->
    [lead] { $claim } [{ $rule }]
    [side] 顺带提及：{ $claim } [{ $rule }]
    [retold] 作为已知事实：{ $claim } [{ $rule }]
   *[draft] 试用规则，不发送：{ $claim } [{ $rule }]
}
read-rest = 另有 { $count } 项判断
read-no-comment = 未予置评：{ $companies }
read-companies = 公司：{ $companies }
