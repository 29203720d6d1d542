# digest
usage-digest = 摘要 [8:00] [星期几]
about-digest = 摘要的时间；单独输入则显示待发内容
example-digest = 摘要 8:00
digest-set = 摘要于 { $time }（{ $zone }）发出，下一次为 { $next }。
digest-set-quiet = 摘要设为 { $time }，正值免打扰时段：将在其结束时即 { $really }（{ $zone }）发出，下一次为 { $next }。
digest-how = 请写摘要的时间：{ $example }
digest-moved = 每周摘要的日子已定。{ $subscription }。
digest-no-weekly = 本频道没有每周摘要，只有每日摘要。要开始请输入：{ $subscribe } 名单和公司 { $weekly }
digest-empty = 没有等待摘要的事件。下一次摘要最早为 { $next }。
digest-waiting = 有 { $count } 个事件等待摘要：
digest-of = { $subscription }：{ $count } 个事件，{ $next }
digest-muted = 另有 { $count } 个等待中的事件已静音，静音期间不会列入。查看静音：{ $command }

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
zone-example = Asia/Shanghai

# language
usage-language = 语言 [zh]
about-language = 本频道的消息和回答用什么语言
example-language = 语言 zh
language-set = 本频道的消息和回答使用{ $language }。
language-partly = 本频道的消息使用{ $messages }，命令的回答使用{ $answers }。
language-how = 可选 { $known }。更改：{ $command }
language-unknown = 这里没有语言“{ $language }”。可选 { $known }。

# resume
usage-resume = 恢复
about-resume = 在已暂停的频道恢复通知
example-resume = 恢复
resume-done = 已恢复：本频道将继续收到通知，有效订阅 { $count } 个。
resume-nothing = 本频道没有暂停。
resume-not = 仍暂停：{ $subscription }
channel-paused = 本频道已暂停，不会发送任何内容：{ $why }。要继续请输入：{ $command }
