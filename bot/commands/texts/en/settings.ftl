# digest
usage-digest = digest [08:00] [DAY]
about-digest = when the digest comes; alone: what waits for it
example-digest = digest 08:00
digest-set = The digest comes at { $time } ({ $zone }), the next one on { $next }.
digest-set-quiet = The digest is set to { $time }, which is in quiet hours: it comes at { $really } when they end ({ $zone }), the next one on { $next }.
digest-how = The digest wants a time of day: { $example }
digest-moved = The weekly digest has its day. { $subscription }.
digest-no-weekly = This channel has no weekly digest, only the daily one. To begin one: { $subscribe } LISTS-AND-COMPANIES { $weekly }
digest-empty = Nothing waits for a digest. The next one could come on { $next }.
digest-waiting = { $count ->
    [one] 1 story waits
   *[other] { $count } stories wait
} for a digest:
digest-of = { $subscription }: { $count ->
    [one] 1 story
   *[other] { $count } stories
}, on { $next }
digest-muted = { $count ->
    [one] 1 story waits that is muted: it is left out while it is.
   *[other] { $count } stories wait that are muted: they are left out while they are.
} What is muted: { $command }

# quiet
usage-quiet = quiet [22:00-07:00 or off]
about-quiet = hours in which nothing is told; what comes then is in the digest
example-quiet = quiet 22:00-07:00
quiet-set = Quiet from { $start } to { $end } ({ $zone }); what comes then is in the digest at { $digest }.
quiet-off = No quiet hours: everything is told when it comes.
quiet-how = To set them: { $command }
quiet-wrong = From when to when? { $command }

# budget
usage-budget = budget [20 or off]
about-budget = how many messages a day at most; the rest is in the digest
example-budget = budget 20
budget-set = { $count ->
    [0] No messages of their own; everything is in the digest at { $digest }.
    [one] At most 1 message a day; the rest is in the digest at { $digest }.
   *[other] At most { $count } messages a day; the rest is in the digest at { $digest }.
} That a rumour is confirmed or denied is told all the same.
budget-off = No budget: as many messages a day as there is news.
budget-how = To set one: { $command }
budget-wrong = How many messages a day, 0 to { $most }? { $command }

# zone
usage-zone = zone [Europe/Berlin]
about-zone = in which time zone this channel lives
example-zone = zone Europe/Berlin
zone-set = Times here are those of { $zone }, where it is { $now }. The next digest comes on { $next }.
zone-how = To change it: { $command }
zone-near = There is no time zone “{ $zone }”. Did you mean: { $command }
zone-unknown = There is no time zone “{ $zone }”. Write a continent and a city: { $command }
zone-example = Europe/Berlin

# language
usage-language = language [de]
about-language = in which language this channel is told and answered
example-language = language de
language-set = This channel gets messages and answers in { $language }.
language-partly = This channel gets messages in { $messages }, and answers to commands in { $answers }.
language-how = There are { $known }. To change it: { $command }
language-unknown = There is no language “{ $language }” here. There are { $known }.

# resume
usage-resume = resume
about-resume = tell again in a channel that was paused
example-resume = resume
resume-done = Going on: this channel is told again. { $count ->
    [one] 1 subscription tells here.
   *[other] { $count } subscriptions tell here.
}
resume-nothing = This channel is not paused.
resume-not = Still paused: { $subscription }
channel-paused = This channel is paused, nothing is told here: { $why }. To go on: { $command }
