# Was in diesem Kanal aus einem Bericht wurde.
verdict-unread = Er konnte nicht gelesen werden, durch einen Fehler von uns: { $reason }
verdict-no-company = Darin steht keine Firma, die wir kennen.
verdict-no-claim = Er nennt { $companies }, aber keine Regel greift.
verdict-draft = Nur Regeln auf Probe greifen ({ $rules }): sie melden niemandem.
verdict-only-retold = Bekanntes noch einmal erzählt: das meldet niemandem.
verdict-backlog = Er stand schon im Feed { $feed }, als dieser zum ersten Mal gelesen wurde: auffindbar, aber nicht gemeldet.
verdict-not-watched = Niemand beobachtet hier { $companies }. Beobachten mit: { $words }
verdict-watched-since = Niemand beobachtete hier damals { $companies }; inzwischen tut es Abo { $numbers }.
verdict-side-only = { $companies } nur am Rande: es geht um { $about } ({ $story }).
verdict-severity = { $severity ->
    [low] niedrig
    [normal] mittel
   *[high] hoch
}
verdict-filtered = { $filter ->
    [without] Ausgenommen ({ $value })
    [moves] Kein Schritt, sondern { $value }
    [kinds] Falsche Art ({ $value })
    [certainties] Falsche Sicherheit ({ $value })
    [languages] Falsche Sprache ({ $value })
    [outlets] Falsches Medium ({ $value })
   *[severity] Zu wenig Gewicht ({ $value })
} für Abo { $subscription }
verdict-old-story = { $story } war älter als 7 Tage und hier nie gemeldet worden.
verdict-nothing-new = Er sagte nichts Neues.
verdict-nothing-new-of = Er sagte nichts, was { $story } nicht schon hatte.
verdict-same-as = Dasselbe wie ein anderer Bericht: einmal gemeldet.
verdict-same-as-entry = Dasselbe wie ein anderer Bericht: { $entry }
verdict-same-as-story = Dasselbe wie ein anderer Bericht zu { $story }: { $entry }
verdict-muted = Es war stummgeschaltet: { $mute }
verdict-muted-then = Es war damals stummgeschaltet ({ $mutes }).
verdict-muted-now = Jetzt stumm: { $mute }
verdict-paused = Der Kanal war damals angehalten.
verdict-root = Hier sofort gemeldet, als Nachricht zu { $story }.
verdict-line = Hier gemeldet als Zeile unter { $story }: er änderte, wie sicher die Meldung ist.
verdict-edit = Hier gemeldet: er kam zur Nachricht von { $story } dazu.
verdict-held = { $why ->
    [news] was kein Schritt ist, kommt in den Überblick
    [overflow] sein Feed brachte zu viel auf einmal
    [quiet] er kam in den Ruhezeiten
    [budget] das Tagesbudget war aufgebraucht
    [catch-up] evwatch war im Rückstand
   *[digest] dieses Abo wird im Überblick bedient
}
verdict-waits-until = { $story } wartet auf den Überblick vom { $at }: { $why }.
verdict-waits-muted = { $story } wartet auf den Überblick vom { $at }, der Stummes auslässt: { $mutes }
verdict-waits-paused = { $story } wartet, bis { $what ->
    [channel] dieser Kanal
   *[subscription] Abo { $number }
} fortgesetzt wird: { $why }.
verdict-dropped = { $story } wartet nicht mehr: { $what ->
    [ended] Abo { $number } ist beendet.
   *[muted] beim Überblick war es stumm.
}
verdict-told-since = { $story } sollte auf den Überblick warten ({ $why }) und wurde hier inzwischen gemeldet.
verdict-in-digest = { $story } wurde hier in einem Überblick gemeldet: { $why }.
verdict-subscription = Beobachtet wegen { $companies } durch Abo { $subscription }
verdict-subscription-ended = Beobachtet wegen { $companies } durch Abo { $number }, das beendet ist.

# why
about-why = warum dieser Kanal von etwas erfährt
usage-why = warum S42
example-why = warum S42
why-story = { $story } { $claim }
why-since = Seither: { $certainty }.
why-untold = { $story } wurde hier nicht gemeldet.
why-own-word = { $outlet } sagt es selbst und nennt niemanden.
why-rule = Regel { $rule }: { $title } (Gewicht { $severity ->
    [low] niedrig
    [normal] mittel
   *[high] hoch
})
why-rule-gone = Regel { $rule }, die es nicht mehr gibt.
why-other-rules = Nach anderen Regeln gelesen als den heutigen.

# why-not
about-why-not = warum dieser Kanal von einem Bericht nichts erfuhr
usage-why-not = warum-nicht LINK, TITEL oder S42
example-why-not = warum-nicht https://news.example/artikel
whynot-entry = { $entry } [Feed { $feed }]
whynot-rest = { $count ->
    [one] und 1 weiterer Bericht
   *[other] und { $count } weitere Berichte
}
whynot-unknown-link = Diesen Link von { $host } hat kein Feed gebracht.
whynot-no-feed = Von { $host } gibt es keinen Feed.
whynot-unknown-title = Nichts Gelesenes heißt „{ $title }“.
whynot-no-text = Der Text ist nach 90 Tagen gelöscht: nur der Titel konnte noch einmal angesehen werden.
whynot-today = Nach den heutigen Regeln: { $claim }

# Was zu einer Aussage fehlte.
miss = { $what }.
miss-in = { $what }: „{ $sentence }“
miss-rule = { $rule }: { $what }
miss-or = { $first } oder { $second }
miss-words = ein Wort wie { $examples }
miss-list = ein Wort wie { $examples } ({ $list })
miss-sector = eine Firma ({ $sectors })
miss-where = { $within ->
    [clause] direkt daneben
    [sentence] im Satz
    [paragraph] im Absatz
   *[entry] im Text
}
miss-terms = es fehlt { $where } { $wanted }
miss-partner = es fehlen { $where } { $count } Firmen, die es gemeinsam tun
miss-unwanted = { $where } ausgeschlossen durch { $wanted }
miss-subject = { $words } steht da, aber nicht als die Firma, die es tut
miss-proof = „{ $words }“ allein beweist keine Firma, daneben fehlt { $wanted }
miss-anchor = { $words }, aber nichts, was sie tun: { $wanted }
miss-company = keine Firma, die wir kennen, neben „{ $words }“
miss-nothing = Keine Firma, die wir kennen, und kein Wort für einen Schritt

# read
about-read = was aus einem Text verstanden wird
usage-read = lies TEXT
example-read = lies Xiaomi soll Elektroautos planen, berichtet Late Post.
read-no-language = unbekannte Sprache
read-summary = { $language }: { $claims ->
    [0] keine Aussage, niemand erführe davon.
    [one] 1 Aussage.
   *[other] { $claims } Aussagen.
}
read-claim = { $standing ->
    [lead] { $claim } [{ $rule }]
    [side] Am Rande: { $claim } [{ $rule }]
    [retold] Als bekannt erzählt: { $claim } [{ $rule }]
   *[draft] Auf Probe, meldet niemandem: { $claim } [{ $rule }]
}
read-rest = { $count ->
    [one] und 1 weitere Aussage
   *[other] und { $count } weitere Aussagen
}
read-no-comment = Ohne Stellungnahme: { $companies }
read-companies = Firmen: { $companies }
