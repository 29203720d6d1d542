# What became of an entry in this channel.
verdict-unread = It could not be read, by a mistake of ours: { $reason }
verdict-no-company = No company we know stands in it.
verdict-no-claim = It names { $companies }, but no rule holds.
verdict-draft = Only rules on trial hold ({ $rules }): they tell nobody.
verdict-only-retold = Known facts told again: that tells nobody.
verdict-backlog = It was there when feed { $feed } was read for the first time: kept for look-ups, not told.
verdict-not-watched = Nobody here watches { $companies }. To watch: { $words }
verdict-watched-since = Nobody here watched { $companies } then; subscription { $numbers } does now.
verdict-side-only = { $companies } only on the side: it is about { $about } ({ $story }).
verdict-severity = { $severity ->
    [low] low
    [normal] normal
   *[high] high
}
verdict-filtered = { $filter ->
    [without] Left out ({ $value })
    [moves] No move, but { $value }
    [kinds] The wrong kind ({ $value })
    [certainties] Not sure as wanted ({ $value })
    [languages] The wrong language ({ $value })
    [outlets] The wrong outlet ({ $value })
   *[severity] Not severe enough ({ $value })
} for subscription { $subscription }
verdict-old-story = { $story } was more than 7 days old, and had never been told here.
verdict-nothing-new = It said nothing new.
verdict-nothing-new-of = It said nothing that { $story } did not have.
verdict-same-as = The same as another report: told once.
verdict-same-as-entry = The same as another report: { $entry }
verdict-same-as-story = The same as another report of { $story }: { $entry }
verdict-muted = It was muted: { $mute }
verdict-muted-then = It was muted then ({ $mutes }).
verdict-muted-now = Muted now: { $mute }
verdict-paused = The channel was paused then.
verdict-root = Told here at once, as the message of { $story }.
verdict-line = Told here as a line under { $story }: it changed how sure the story is.
verdict-edit = Told here: it was added to the message of { $story }.
verdict-held = { $why ->
    [news] news that is no move goes into the digest
    [overflow] its feed brought too many at once
    [quiet] it came in quiet hours
    [budget] the day's budget was used up
    [catch-up] evwatch was behind
   *[digest] this subscription is told in digests
}
verdict-waits-until = { $story } waits for the digest of { $at }: { $why }.
verdict-waits-muted = { $story } waits for the digest of { $at }, which leaves it out while it is muted: { $mutes }
verdict-waits-paused = { $story } waits until { $what ->
    [channel] this channel
   *[subscription] subscription { $number }
} goes on: { $why }.
verdict-dropped = { $story } waits no more: { $what ->
    [ended] subscription { $number } has ended.
   *[muted] it was muted when its digest was told.
}
verdict-told-since = { $story } was to wait for the digest ({ $why }), and has been told here since.
verdict-in-digest = { $story } was told here in a digest: { $why }.
verdict-subscription = Watched for { $companies } by subscription { $subscription }
verdict-subscription-ended = Watched for { $companies } by subscription { $number }, which has ended.

# why
about-why = why this channel hears of a story
usage-why = why S42
example-why = why S42
why-story = { $story } { $claim }
why-since = Since then: { $certainty }.
why-untold = { $story } was not told here.
why-own-word = { $outlet } says so itself, and names nobody.
why-rule = Rule { $rule }: { $title } (severity { $severity ->
    [low] low
    [normal] normal
   *[high] high
})
why-rule-gone = Rule { $rule }, which is no longer there.
why-other-rules = It was read by other rules than today's.

# why-not
about-why-not = why this channel did not hear of a report
usage-why-not = why-not LINK, TITLE or S42
example-why-not = why-not https://news.example/article
whynot-entry = { $entry } [feed { $feed }]
whynot-rest = { $count ->
    [one] and 1 more report
   *[other] and { $count } more reports
}
whynot-unknown-link = No feed has brought this link of { $host }.
whynot-no-feed = There is no feed of { $host }.
whynot-unknown-title = Nothing that was read is called “{ $title }”.
whynot-no-text = Its text is gone after 90 days: only the title could be looked at again.
whynot-today = By today's rules: { $claim }

# What was missing for a claim.
miss = { $what }.
miss-in = { $what }: “{ $sentence }”
miss-rule = { $rule }: { $what }
miss-or = { $first } or { $second }
miss-words = a word like { $examples }
miss-list = a word like { $examples } ({ $list })
miss-sector = a company ({ $sectors })
miss-where = { $within ->
    [clause] right beside it
    [sentence] in the sentence
    [paragraph] in the paragraph
   *[entry] in the text
}
miss-terms = all but { $wanted } { $where }
miss-partner = all but { $count } companies that do it together { $where }
miss-unwanted = ruled out { $where } by { $wanted }
miss-subject = { $words } is there, but not as the one that does it
miss-proof = “{ $words }” alone proves no company, without { $wanted } beside it
miss-anchor = { $words }, but nothing they do: { $wanted }
miss-company = no company we know beside “{ $words }”
miss-nothing = No company we know, and no word of a move

# read
about-read = what is understood of a text
usage-read = read TEXT
example-read = read Xiaomi is said to be planning electric cars, Late Post reported.
read-no-language = unknown language
read-summary = { $language }: { $claims ->
    [0] no claim, nobody would be told.
    [one] 1 claim.
   *[other] { $claims } claims.
}
read-claim = { $standing ->
    [lead] { $claim } [{ $rule }]
    [side] On the side: { $claim } [{ $rule }]
    [retold] Told as known: { $claim } [{ $rule }]
   *[draft] On trial, tells nobody: { $claim } [{ $rule }]
}
read-rest = { $count ->
    [one] and 1 more claim
   *[other] and { $count } more claims
}
read-no-comment = Did not comment: { $companies }
read-companies = Companies: { $companies }
