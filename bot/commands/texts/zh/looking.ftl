# 各种查询共用的单行文字。
cite-separator = 、
cite-undated = 无日期
cite-untitled = 无标题
cite-entry = { $date } { $outlet }：{ $title }（{ $host }）
cite-entry-short = { $date } { $outlet }：{ $title }
cite-story = { $story } { $what }（{ $certainty }）
cite-evidence = “{ $sentence }”
more = 更多：{ $words }
sector = { $sector ->
    [carmaker] 汽车制造商
    [battery] 电池
    [charging] 充电
    [tech] 科技
    [supplier] 供应商
    [contract-manufacturer] 代工
    [mobility] 出行
    [investor] 投资方
    [aerospace] 航空航天
   *[other] { $sector }
}
name-unknown = 没有名为“{ $name }”的公司或名单。
name-near = 是否指 { $name }？
name-search = 在全部已读内容中查找：{ $words }

# latest
about-latest = 最新事件
usage-latest = 最新 [公司或名单] [数量]
example-latest = 最新 小米 3
latest-here = 本频道所关注的最新消息：
latest-all = 全部最新消息（本频道尚未关注任何公司）：
latest-of = { $what } 的最新消息：
latest-none = 暂无消息。
latest-number = 可查看 1 至 { $most } 条：{ $words }

# COMPANY
about-company = 一家公司是谁、近期做了什么
usage-company = 公司名
example-company = 小米
company-who = { $name }（{ $id }）：{ $sectors }。
company-who-also = { $name }（{ $id }）：{ $sectors }。又写作 { $others }。
company-count = { $count ->
    [0] { $days } 天内没有消息。
   *[other] { $days } 天内 { $count } 条消息：{ $each }。
}
company-family = { $family ->
    [entry] 进入或退出 { $count }
    [alliance] 合作 { $count }
    [works] 工厂与供货 { $count }
   *[news] 其他 { $count }
}
company-sides = 在 { $stories } 中被顺带提及。
company-watched = 本频道通过订阅 { $numbers } 关注。
company-unwatched = 本频道未关注。如需关注：{ $words }

# search
about-search = 查找全部已读内容
usage-search = 搜索 关键词
example-search = 搜索 固态电池
search-none = 已读内容中没有“{ $text }”。
search-near = 是否指：{ $words }
search-found = “{ $text }”{ $most ->
    [0] ：
   *[other] （报道很多，取最相关的 { $most } 篇）：
}{ $stories ->
    [0] 没有事件
   *[other] { $stories } 个事件（{ $reports } 篇报道）
}{ $entries ->
    [0] 。
   *[other] ，另有 { $entries } 篇报道不属于事件：
}
search-no-page = 共 { $pages } 页：{ $words }

# story
about-story = 一个事件：来龙去脉与来源
usage-story = 事件 S42
example-story = 事件 S42
story-change = { $change ->
    [opened] { $date } { $outlet }：{ $certainty }
    [line] { $date } { $outlet }：现为{ $certainty }
   *[edited] { $date } { $outlet }：也有报道
}
story-rest = 另有 { $count } 篇报道
story-told = { $story } 已在本频道单独发送。
story-in-digest = { $story } 已在本频道的摘要中发送。
story-waits = { $story } 等待本频道的下次摘要。
story-untold = { $story } 未在本频道发送。
story-related = 相关：{ $story }
story-sources = 另有 { $count } 个来源
