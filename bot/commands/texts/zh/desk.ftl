# Joining
list-comma = { $items }、{ $item }
list-and = { $items }和{ $last }
list-more = { $items }等，另有 { $count } 项

# What went wrong, and what to type instead
failed = 这里出错了，已记入日志。请再试一次。
unknown-command = 不认识“{ $word }”。是不是要输入：{ $usage }
unknown-name = 没有名为“{ $name }”的公司或名单。是不是 { $near }？
unknown-name-plain = 没有名为“{ $name }”的公司或名单。
unknown-line = “{ $line }”既不是命令，也不是已知的公司。要搜索请输入：{ $search }；全部命令：{ $help }
which-story = 哪个事件？请写编号（S42），或回复该事件的消息。
no-story = 没有事件 { $story }。
one-story = 请一次只写一个事件：{ $command }
did-you-mean = 是不是 { $near }？
company-gone = { $company } 已不在规则中，不会再有新内容。
refused-member = 只有本频道成员可以这样做；查询对所有人开放：帮助
refused-admin = 名单由所有频道共用：只有本频道的管理员可以更改。
refused-operator = 只有 evwatch 的运营者可以对所有频道这样做。

# help
usage-help = 帮助 [命令]
about-help = 全部命令，或某个命令的示例
example-help = 帮助 订阅
help-first = 关注的公司在电动汽车领域有动作时，我会通知本频道。可以输入：
help-line = { $title }：{ $usages }
group-look-up = 查询
group-told = 订阅与通知
group-settings = 设置
help-last = 某个命令的详情：{ $usage }
