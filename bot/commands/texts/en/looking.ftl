# What stands in one line, for every look-up.
cite-separator = {", "}
cite-undated = undated
cite-untitled = without a title
cite-entry = { $date } { $outlet }: { $title } ({ $host })
cite-entry-short = { $date } { $outlet }: { $title }
cite-story = { $story } { $what } ({ $certainty })
cite-evidence = “{ $sentence }”
more = More: { $words }
sector = { $sector ->
    [carmaker] carmaker
    [battery] batteries
    [charging] charging
    [tech] technology
    [supplier] supplier
    [contract-manufacturer] contract manufacturer
    [mobility] mobility
    [investor] investor
    [aerospace] aerospace
   *[other] { $sector }
}
name-unknown = Nobody here is called “{ $name }”: no company and no list.
name-near = Did you mean { $name }?
name-search = In all that was read: { $words }

# latest
about-latest = the newest stories
usage-latest = latest [COMPANY or LIST] [NUMBER]
example-latest = latest xiaomi 3
latest-here = The newest of what this channel watches:
latest-all = The newest of everything (this channel watches nothing yet):
latest-of = The newest of { $what }:
latest-none = No story so far.
latest-number = It can be 1 to { $most } stories: { $words }

# COMPANY
about-company = who a company is and what it did lately
usage-company = COMPANY
example-company = xiaomi
company-who = { $name } ({ $id }): { $sectors }.
company-who-also = { $name } ({ $id }): { $sectors }. Also written { $others }.
company-count = { $count ->
    [0] No story in { $days } days.
    [one] 1 story in { $days } days: { $each }.
   *[other] { $count } stories in { $days } days: { $each }.
}
company-family = { $family ->
    [entry] entry and exit { $count }
    [alliance] alliances { $count }
    [works] plants and supply { $count }
   *[news] other news { $count }
}
company-sides = On the side in { $stories }.
company-watched = Watched here by subscription { $numbers }.
company-unwatched = Not watched here. To watch it: { $words }

# search
about-search = everything that was read
usage-search = search WORDS
example-search = search solid-state
search-none = Nothing that was read has “{ $text }”.
search-near = Did you mean: { $words }
search-found = “{ $text }”{ $most ->
    [0] :
   *[other] , the { $most } of many reports that fit best:
} { $stories ->
    [0] no story
    [one] 1 story
   *[other] { $stories } stories
}{ $reports ->
    [0] {""}
    [one] {" "}(1 report)
   *[other] {" "}({ $reports } reports)
}{ $entries ->
    [0] .
    [one] , 1 report without a story:
   *[other] , { $entries } reports without a story:
}
search-no-page = { $pages ->
    [one] That is all on one page: { $words }
   *[other] There are { $pages } pages: { $words }
}

# story
about-story = a story: how it came about, its sources
usage-story = story S42
example-story = story S42
story-change = { $change ->
    [opened] { $date } { $outlet }: { $certainty }
    [line] { $date } { $outlet }: now { $certainty }
   *[edited] { $date } { $outlet }: reports it too
}
story-rest = { $count ->
    [one] and 1 more report
   *[other] and { $count } more reports
}
story-told = { $story } was told here in a message of its own.
story-in-digest = { $story } was told here in a digest.
story-waits = { $story } waits for the next digest here.
story-untold = { $story } was not told here.
story-related = Related: { $story }
story-sources = { $count ->
    [one] 1 more source
   *[other] { $count } more sources
}
