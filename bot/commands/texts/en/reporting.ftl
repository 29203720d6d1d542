# feeds
about-feeds = how the feeds are
usage-feeds = feeds [NAME or all]
example-feeds = feeds electrive
feeds-none = There is no feed.
feeds-count = { $feeds ->
    [one] 1 feed
   *[other] { $feeds } feeds
}: { $failing ->
    [0] none fails
    [one] 1 fails
   *[other] { $failing } fail
}{ $never ->
    [0] .
    [one] , 1 has never answered.
   *[other] , { $never } have never answered.
}
feeds-entries = { $entries ->
    [one] 1 entry
   *[other] { $entries } entries
}, { $told } told at once, { $digest } for digests.
feeds-well = { $feed } is well, last asked { $at }.
feeds-new = { $feed } has not been asked yet.
feeds-gone = { $feed } is gone for good: its host says so, it is asked no more.
feeds-fails = { $feed } fails since { $since } ({ $count ->
    [one] once
   *[other] { $count } times
}): { $error }. Next try { $at }.
feeds-never = { $feed } has never answered ({ $count ->
    [one] 1 try
   *[other] { $count } tries
}): { $error }. Next try { $at }.
feeds-rest = { $count ->
    [one] and 1 more that fails
   *[other] and { $count } more that fail
}
feeds-more = Each in short: { $all } · one in detail: { $one }
feeds-short = { $feed }{ $state ->
    [failing] {" "}(fails)
   *[well] {""}
}: { $entries }
feeds-no-page = { $pages ->
    [one] There is only one page: { $words }
   *[other] There are { $pages } pages: { $words }
}
feeds-unknown = No feed is called “{ $name }”.
feeds-near = Did you mean: { $words }
feeds-several = Which one? { $feeds }
feeds-title = { $feed }: { $title } ({ $host })
feeds-next = Next time: { $at }

# quality
about-quality = what was told lately, and how it was received
usage-quality = quality
example-quality = quality
quality-period = { $days } days: { $entries }
quality-silent = { $count } silent: { $each }
quality-unread = { $count ->
    [one] 1 could not be read.
   *[other] { $count } could not be read.
}
quality-feedback = Feedback: { $useful } useful, { $useless } useless.
quality-rule = { $rule }: { $told } told, { $useful } useful, { $useless } useless
quality-same = { $what } ({ $rule })
quality-unrated = Told without feedback: { $each }
quality-how = To rate a story: { $useful } or { $useless }
outcome = { $code ->
    [same-as] same as another
    [no-company] no company
    [no-claim] no claim
    [only-retold] only retold
    [draft] rule on trial
    [backlog] first poll
    [not-watched] not watched
    [side-only] on the side only
    [filtered] filtered
    [old-story] old story
    [nothing-new] nothing new
    [muted] muted
    [paused] paused
   *[rest] other
} { $count }
