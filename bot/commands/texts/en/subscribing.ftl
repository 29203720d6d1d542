# subscribe, unsubscribe
usage-subscribe = subscribe LISTS-AND-COMPANIES [filters]
about-subscribe = be told of them; filters: -byd, kind:plant, certainty:confirmed, severity:high, lang:de, outlet:reuters, moves, all, daily 08:00, weekly monday
example-subscribe = subscribe chinese-ev-makers volkswagen -byd kind:joint-venture,plant daily 08:00
usage-unsubscribe = unsubscribe [NUMBER, LISTS-AND-COMPANIES or all]
about-unsubscribe = be told no more; alone: what this channel is told of
example-unsubscribe = unsubscribe 3

subscribe-how = Of which lists and companies? For example:
subscribe-not-here = I am not in this channel yet, so I could tell nothing here. Type this first:
subscribe-lists = Lists: { $lists }
subscribe-nothing = Name at least one list or company; all lists: list
subscribe-nobody-left = Everybody named is also left out: nobody remains.
subscribe-done = Subscribed. { $subscription } ({ $companies ->
    [one] 1 company
   *[other] { $companies } companies
}).
subscribe-again = That is subscribed already. { $subscription }.
subscribe-would = { $count ->
    [0] In the last { $days } days it would have told nothing.
    [one] In the last { $days } days it would have told 1 story, { $soon ->
        [0] in a digest.
       *[other] at once.
    }
   *[other] In the last { $days } days it would have told { $count } stories, { $soon ->
        [0] all in digests.
       *[other] { $soon } of them at once.
    } The newest:
}
subscribe-undo = To undo it: { $command }
filter-empty = What belongs behind “{ $filter }:”? For example kind:plant, lang:de, severity:high.
filter-unknown = { $filter }: I do not know “{ $value }”. Did you mean { $near }?
filter-choices = { $filter }: I do not know “{ $value }”. There are: { $known }

unsubscribe-none = This channel is told of nothing yet. To begin: { $command } LISTS-AND-COMPANIES
unsubscribe-which = This channel is told of { $count ->
    [one] this; to end it:
   *[other] these; to end one of them:
}
unsubscribe-one = { $subscription } (end: { $command })
unsubscribe-done = Ended. { $subscription }.
unsubscribe-left = { $count ->
    [0] This channel is now told of nothing.
    [one] 1 subscription is left.
   *[other] { $count } subscriptions are left.
}
unsubscribe-undo = To have it again: { $command }
unsubscribe-no-number = This channel has no subscription { $number }. There are:
unsubscribe-part = { $what } is only part of a subscription. End the whole of it, or mute that part:
unsubscribe-not-there = This channel has no subscription to { $what }. There are:

# A subscription, a mute in words
subscription = { $number }: { $what }
subscription-part = { $what }; { $part }
when-at-once = at once
when-daily = daily at { $time }
when-weekly = weekly, { $day ->
    [0] Monday
    [1] Tuesday
    [2] Wednesday
    [3] Thursday
    [4] Friday
    [5] Saturday
   *[6] Sunday
} at { $time }
when-quiet = { $when } ({ $at } is in quiet hours)
limit-without = without { $companies }
limit-only = only { $what }
limit-severity = severity { $severity } and up
limit-languages = in { $languages }
limit-outlets = from { $outlets }
appetite-moves = moves only
appetite-all = other news at once too
subscription-paused = paused: { $why }
paused-list-left = no longer in the rules: { $lists }
mute-until = until { $moment }
mute-for-ever = for ever
mute-in-words = { $number }: { $name } { $until }{ $where ->
    [everywhere] , everywhere
   *[here] {""}
}

# list
usage-list = list [NAME], list new|add|drop|end NAME COMPANY...
about-list = the watch lists and who is on them; make your own
example-list = list new rivals byd "great wall" xpeng
list-line = { $id }: { $title }, { $count ->
    [one] 1 company
   *[other] { $count } companies
}{ $made ->
    [chat] , made in chat
   *[rules] {""}
}
list-how = Who is on one of them: { $command }
list-all = All lists: { $command }
list-of-company = { $company } is on these lists: { $lists }
list-new-how = A new list needs a name of one word (or in quotes) and companies: { $command } rivals byd nio
list-bad-name = “{ $name }” cannot be a list's name: letters, at most 60, and not only digits.
list-name-taken = “{ $name }” is the name of something else already; choose another.
list-made = List { $name } made, { $count ->
    [one] 1 company
   *[other] { $count } companies
}: { $companies }.
list-changed = List { $name } has { $count ->
    [one] 1 company
   *[other] { $count } companies
} now: { $companies }.
list-subscribe = To be told of it: { $command }
list-which = Which list?
list-unknown = There is no list “{ $name }”.
list-of-rules = { $name } comes from the rules and cannot be changed from chat. Make your own: { $command } NAME COMPANY...
list-of-whom = Which companies?
list-empty = Then nobody would be left on { $name }. To end the list: { $command }
list-end-how = Only the list's name: { $command }
list-ended = List { $name } has ended.
list-going-on = Going on without it: { $subscription }.
list-ended-elsewhere = { $count ->
    [one] 1 subscription of another channel named it, which is told.
   *[other] { $count } subscriptions of other channels named it, which are told.
}
list-undo = To have it again: { $command }
list-undo-subscribe = And then: { $command }

# mute, unmute, mutes, useful, useless
usage-mute = mute COMPANY, LIST or S42 [7d, until DATE, for ever] [everywhere]
about-mute = hear nothing of them for a while, a week unless you say
example-mute = mute byd 2w
usage-unmute = unmute [COMPANY, LIST, S42, M3 or all]
about-unmute = hear of them again
example-unmute = unmute byd
usage-mutes = mutes
about-mutes = what is muted here
example-mutes = mutes
usage-useful = useful [S42]
about-useful = the story was worth telling
example-useful = useful S42
usage-useless = useless [S42]
about-useless = the story was not worth telling
example-useless = useless S42
usage-unrate = unrate [S42]
about-unrate = what you said of a story is taken back
example-unrate = unrate S42
mute-how = Mute whom, or which story? For example:
mute-done = Muted. { $mute }.
mute-undo = To undo it: { $command }
mute-over = { $date } is over already.
mutes-none = Nothing is muted here.
mutes-one = { $mute } (end: { $command })
unmute-done = No longer muted. { $mute }.
unmute-which = Which of these?
useful-done = Noted: { $story } was useful.
useless-done = Noted: { $story } was not useful.
unrate-done = Taken back: what you said of { $story }.
unrate-nothing = You have not said anything of { $story }.
feedback-again = You have said so of { $story } already.
