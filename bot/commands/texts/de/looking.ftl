# Was in einer Zeile steht, für jede Auskunft.
cite-separator = {", "}
cite-undated = ohne Datum
cite-untitled = ohne Titel
cite-entry = { $date } { $outlet }: { $title } ({ $host })
cite-entry-short = { $date } { $outlet }: { $title }
cite-story = { $story } { $what } ({ $certainty })
cite-evidence = „{ $sentence }“
more = Mehr: { $words }
sector = { $sector ->
    [carmaker] Autohersteller
    [battery] Batterien
    [charging] Ladenetze
    [tech] Technologie
    [supplier] Zulieferer
    [contract-manufacturer] Auftragsfertiger
    [mobility] Mobilitätsdienste
    [investor] Investor
    [aerospace] Luft- und Raumfahrt
   *[other] { $sector }
}
name-unknown = „{ $name }“ heißt hier niemand: keine Firma und keine Liste.
name-near = Gemeint: { $name }?
name-search = In allem Gelesenen: { $words }

# latest
about-latest = das Neueste
usage-latest = neueste [FIRMA oder LISTE] [ANZAHL]
example-latest = neueste xiaomi 3
latest-here = Das Neueste von dem, was dieser Kanal beobachtet:
latest-all = Das Neueste von allem (dieser Kanal beobachtet noch nichts):
latest-of = Das Neueste zu { $what }:
latest-none = Bisher keine Meldung.
latest-number = Es können 1 bis { $most } Meldungen sein: { $words }

# COMPANY
about-company = wer eine Firma ist und was sie zuletzt tat
usage-company = FIRMA
example-company = xiaomi
company-who = { $name } ({ $id }): { $sectors }.
company-who-also = { $name } ({ $id }): { $sectors }. Auch geschrieben: { $others }.
company-count = { $count ->
    [0] Keine Meldung in { $days } Tagen.
    [one] 1 Meldung in { $days } Tagen: { $each }.
   *[other] { $count } Meldungen in { $days } Tagen: { $each }.
}
company-family = { $family ->
    [entry] Ein- und Ausstieg { $count }
    [alliance] Allianzen { $count }
    [works] Werke und Belieferung { $count }
   *[news] Sonstiges { $count }
}
company-sides = Am Rande in { $stories }.
company-watched = Hier beobachtet durch Abo { $numbers }.
company-unwatched = Hier nicht beobachtet. Beobachten mit: { $words }

# search
about-search = alles, was gelesen wurde
usage-search = suche WÖRTER
example-search = suche Feststoffbatterie
search-none = Nichts Gelesenes enthält „{ $text }“.
search-near = Gemeint: { $words }
search-found = „{ $text }“{ $most ->
    [0] :
   *[other] , die { $most } passendsten von vielen Berichten:
} { $stories ->
    [0] keine Meldung
    [one] 1 Meldung
   *[other] { $stories } Meldungen
}{ $reports ->
    [0] {""}
    [one] {" "}(1 Bericht)
   *[other] {" "}({ $reports } Berichte)
}{ $entries ->
    [0] .
    [one] , 1 Bericht ohne Meldung:
   *[other] , { $entries } Berichte ohne Meldung:
}
search-no-page = { $pages ->
    [one] Das steht alles auf einer Seite: { $words }
   *[other] Es gibt { $pages } Seiten: { $words }
}

# story
about-story = eine Meldung: wie sie entstand, ihre Quellen
usage-story = geschichte S42
example-story = geschichte S42
story-change = { $change ->
    [opened] { $date } { $outlet }: { $certainty }
    [line] { $date } { $outlet }: nun { $certainty }
   *[edited] { $date } { $outlet }: berichtet es auch
}
story-rest = { $count ->
    [one] und 1 weiterer Bericht
   *[other] und { $count } weitere Berichte
}
story-told = { $story } wurde hier in einer eigenen Nachricht gemeldet.
story-in-digest = { $story } wurde hier in einem Überblick gemeldet.
story-waits = { $story } wartet hier auf den nächsten Überblick.
story-untold = { $story } wurde hier nicht gemeldet.
story-related = Verwandt: { $story }
story-sources = { $count ->
    [one] 1 weitere Quelle
   *[other] { $count } weitere Quellen
}
