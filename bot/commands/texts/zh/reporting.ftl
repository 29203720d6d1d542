# feeds
about-feeds = 信息源的状态
usage-feeds = 来源 [名称 或 全部]
example-feeds = 来源 electrive
feeds-none = 没有信息源。
feeds-count = { $feeds } 个信息源：{ $failing ->
    [0] 全部正常
   *[other] { $failing } 个出错
}{ $never ->
    [0] 。
   *[other] ，{ $never } 个从未应答。
}
feeds-entries = { $entries } 篇报道，其中 { $told } 篇即时发送，{ $digest } 篇归入摘要。
feeds-well = { $feed } 正常，上次读取 { $at }。
feeds-new = { $feed } 尚未读取。
feeds-gone = { $feed } 已永久关闭（由其服务器告知），不再读取。
feeds-fails = { $feed } 自 { $since } 起出错（{ $count } 次）：{ $error }。下次尝试 { $at }。
feeds-never = { $feed } 从未应答（{ $count } 次）：{ $error }。下次尝试 { $at }。
feeds-rest = 另有 { $count } 个出错
feeds-more = 全部概览：{ $all } · 单个详情：{ $one }
feeds-short = { $feed }{ $state ->
    [failing] （出错）
   *[well] {""}
}：{ $entries }
feeds-no-page = 共 { $pages } 页：{ $words }
feeds-unknown = 没有名为“{ $name }”的信息源。
feeds-near = 是否指：{ $words }
feeds-several = 哪一个？{ $feeds }
feeds-title = { $feed }：{ $title }（{ $host }）
feeds-next = 下次读取：{ $at }

# quality
about-quality = 近期发送的内容及其反馈
usage-quality = 质量
example-quality = 质量
quality-period = { $days } 天：{ $entries }
quality-silent = { $count } 篇未发送：{ $each }
quality-unread = { $count } 篇无法读取。
quality-feedback = 反馈：有用 { $useful }，没用 { $useless }。
quality-rule = { $rule }：已发送 { $told }，有用 { $useful }，没用 { $useless }
quality-same = { $what }（{ $rule }）
quality-unrated = 已发送、暂无反馈：{ $each }
quality-how = 评价事件：{ $useful } 或 { $useless }
outcome = { $code ->
    [same-as] 重复
    [no-company] 没有公司
    [no-claim] 没有判断
    [only-retold] 只是重述
    [draft] 试用规则
    [backlog] 首次读取
    [not-watched] 无人关注
    [side-only] 只是顺带
    [filtered] 已过滤
    [old-story] 旧事件
    [nothing-new] 没有新内容
    [muted] 已静音
    [paused] 已暂停
   *[rest] 其他
} { $count }
