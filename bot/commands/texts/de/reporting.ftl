# feeds
about-feeds = wie es den Feeds geht
usage-feeds = feeds [NAME oder alles]
example-feeds = feeds electrive
feeds-none = Es gibt keinen Feed.
feeds-count = { $feeds ->
    [one] 1 Feed
   *[other] { $feeds } Feeds
}: { $failing ->
    [0] keiner ist gestört
    [one] 1 ist gestört
   *[other] { $failing } sind gestört
}{ $never ->
    [0] .
    [one] , 1 hat nie geantwortet.
   *[other] , { $never } haben nie geantwortet.
}
feeds-entries = { $entries ->
    [one] 1 Bericht
   *[other] { $entries } Berichte
}, davon { $told } sofort gemeldet, { $digest } für Überblicke.
feeds-well = { $feed } antwortet, zuletzt gefragt { $at }.
feeds-new = { $feed } wurde noch nicht gefragt.
feeds-gone = { $feed } gibt es nicht mehr: so sagt es der Server, gefragt wird nicht mehr.
feeds-fails = { $feed } gestört seit { $since } ({ $count }-mal): { $error }. Nächster Versuch { $at }.
feeds-never = { $feed } hat nie geantwortet ({ $count ->
    [one] 1 Versuch
   *[other] { $count } Versuche
}): { $error }. Nächster Versuch { $at }.
feeds-rest = { $count ->
    [one] und 1 weiterer gestörter
   *[other] und { $count } weitere gestörte
}
feeds-more = Alle in Kürze: { $all } · einer genauer: { $one }
feeds-short = { $feed }{ $state ->
    [failing] {" "}(gestört)
   *[well] {""}
}: { $entries }
feeds-no-page = { $pages ->
    [one] Es gibt nur eine Seite: { $words }
   *[other] Es gibt { $pages } Seiten: { $words }
}
feeds-unknown = „{ $name }“ heißt kein Feed.
feeds-near = Gemeint: { $words }
feeds-several = Welcher? { $feeds }
feeds-title = { $feed }: { $title } ({ $host })
feeds-next = Nächstes Mal: { $at }

# quality
about-quality = was zuletzt gemeldet wurde und wie es ankam
usage-quality = qualität
example-quality = qualität
quality-period = { $days } Tage: { $entries }
quality-silent = { $count } still: { $each }
quality-unread = { $count ->
    [one] 1 konnte nicht gelesen werden.
   *[other] { $count } konnten nicht gelesen werden.
}
quality-feedback = Rückmeldungen: { $useful } nützlich, { $useless } nutzlos.
quality-rule = { $rule }: { $told } gemeldet, { $useful } nützlich, { $useless } nutzlos
quality-same = { $what } ({ $rule })
quality-unrated = Gemeldet ohne Rückmeldung: { $each }
quality-how = Bewerten mit: { $useful } oder { $useless }
outcome = { $code ->
    [same-as] doppelt
    [no-company] keine Firma
    [no-claim] keine Aussage
    [only-retold] nur Bekanntes
    [draft] Regel auf Probe
    [backlog] erste Abfrage
    [not-watched] nicht beobachtet
    [side-only] nur am Rande
    [filtered] gefiltert
    [old-story] alt
    [nothing-new] nichts Neues
    [muted] stumm
    [paused] angehalten
   *[rest] Sonstiges
} { $count }
