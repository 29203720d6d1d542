# digest
usage-digest = überblick [8:00] [TAG]
about-digest = wann der Überblick kommt; allein: was darauf wartet
example-digest = überblick 8:00
digest-set = Der Überblick kommt um { $time } ({ $zone }), der nächste am { $next }.
digest-set-quiet = Der Überblick ist auf { $time } gestellt, das liegt in der Ruhezeit: er kommt um { $really }, wenn sie endet ({ $zone }), der nächste am { $next }.
digest-how = Der Überblick braucht eine Uhrzeit: { $example }
digest-moved = Der wöchentliche Überblick hat seinen Tag. { $subscription }.
digest-no-weekly = Dieser Kanal hat keinen wöchentlichen Überblick, nur den täglichen. Einen beginnen: { $subscribe } LISTEN-UND-FIRMEN { $weekly }
digest-empty = Nichts wartet auf einen Überblick. Der nächste könnte am { $next } kommen.
digest-waiting = { $count ->
    [one] 1 Meldung wartet
   *[other] { $count } Meldungen warten
} auf einen Überblick:
digest-of = { $subscription }: { $count ->
    [one] 1 Meldung
   *[other] { $count } Meldungen
}, am { $next }
digest-muted = { $count ->
    [one] 1 Meldung wartet und ist stumm: so bleibt sie weg.
   *[other] { $count } Meldungen warten und sind stumm: so bleiben sie weg.
} Was stumm ist: { $command }

# quiet
usage-quiet = ruhe [22:00-07:00 oder aus]
about-quiet = Stunden, in denen nichts gemeldet wird; was dann kommt, steht im Überblick
example-quiet = ruhe 22:00-07:00
quiet-set = Ruhe von { $start } bis { $end } ({ $zone }); was dann kommt, steht im Überblick um { $digest }.
quiet-off = Keine Ruhezeit: alles wird gemeldet, sobald es kommt.
quiet-how = Einstellen: { $command }
quiet-wrong = Von wann bis wann? { $command }

# budget
usage-budget = tagesbudget [20 oder aus]
about-budget = höchstens so viele Meldungen am Tag; der Rest steht im Überblick
example-budget = tagesbudget 20
budget-set = { $count ->
    [0] Keine eigenen Meldungen; alles steht im Überblick um { $digest }.
    [one] Höchstens 1 Meldung am Tag; der Rest steht im Überblick um { $digest }.
   *[other] Höchstens { $count } Meldungen am Tag; der Rest steht im Überblick um { $digest }.
} Dass ein Gerücht bestätigt oder dementiert wird, kommt trotzdem.
budget-off = Keine Obergrenze: so viele Meldungen am Tag, wie es Neues gibt.
budget-how = Einstellen: { $command }
budget-wrong = Wie viele Meldungen am Tag, 0 bis { $most }? { $command }

# zone
usage-zone = zeitzone [Europe/Berlin]
about-zone = in welcher Zeitzone dieser Kanal lebt
example-zone = zeitzone Europe/Berlin
zone-set = Zeiten hier gelten in { $zone }, dort ist es { $now }. Der nächste Überblick kommt am { $next }.
zone-how = Ändern: { $command }
zone-near = Eine Zeitzone „{ $zone }“ gibt es nicht. Gemeint war: { $command }
zone-unknown = Eine Zeitzone „{ $zone }“ gibt es nicht. Kontinent und Stadt auf Englisch schreiben: { $command }
zone-example = Europe/Berlin

# language
usage-language = sprache [de]
about-language = in welcher Sprache dieser Kanal Meldungen und Antworten bekommt
example-language = sprache de
language-set = Dieser Kanal bekommt Meldungen und Antworten auf { $language }.
language-partly = Dieser Kanal bekommt Meldungen auf { $messages }, Antworten auf Befehle auf { $answers }.
language-how = Es gibt { $known }. Ändern: { $command }
language-unknown = Eine Sprache „{ $language }“ gibt es hier nicht. Es gibt { $known }.

# resume
usage-resume = fortsetzen
about-resume = in einem angehaltenen Kanal wieder melden
example-resume = fortsetzen
resume-done = Weiter geht es: in diesem Kanal wird wieder gemeldet. { $count ->
    [one] 1 Abonnement meldet hier.
   *[other] { $count } Abonnements melden hier.
}
resume-nothing = Dieser Kanal ist nicht angehalten.
resume-not = Ruht weiter: { $subscription }
channel-paused = Dieser Kanal ist angehalten, hier wird nichts gemeldet: { $why }. Weiter geht es mit: { $command }
