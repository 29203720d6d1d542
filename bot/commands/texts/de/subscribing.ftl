# subscribe, unsubscribe
usage-subscribe = abonnieren LISTEN-UND-FIRMEN [Filter]
about-subscribe = davon erfahren; Filter: -byd, art:werk, sicherheit:bestätigt, gewicht:hoch, sprache:de, medium:reuters, schritte, alles, täglich 8:00, wöchentlich montags
example-subscribe = abonnieren chinese-ev-makers volkswagen -byd art:gemeinschaftsunternehmen,werk täglich 8:00
usage-unsubscribe = abbestellen [NUMMER, LISTEN-UND-FIRMEN oder alles]
about-unsubscribe = nicht mehr davon erfahren; allein: wovon dieser Kanal erfährt
example-unsubscribe = abbestellen 3

subscribe-how = Von welchen Listen und Firmen? Zum Beispiel:
subscribe-not-here = Ich bin noch nicht in diesem Kanal und könnte hier nichts melden. Bitte zuerst eingeben:
subscribe-lists = Listen: { $lists }
subscribe-nothing = Mindestens eine Liste oder Firma nennen; alle Listen: liste
subscribe-nobody-left = Alle Genannten sind zugleich ausgenommen: niemand bleibt übrig.
subscribe-done = Abonniert. { $subscription } ({ $companies ->
    [one] 1 Firma
   *[other] { $companies } Firmen
}).
subscribe-again = Das ist schon abonniert. { $subscription }.
subscribe-would = { $count ->
    [0] In den letzten { $days } Tagen hätte es nichts gemeldet.
    [one] In den letzten { $days } Tagen hätte es 1 Meldung gegeben, { $soon ->
        [0] im Überblick.
       *[other] sofort.
    }
   *[other] In den letzten { $days } Tagen hätte es { $count } Meldungen gegeben, { $soon ->
        [0] alle im Überblick.
       *[other] { $soon } davon sofort.
    } Die neuesten:
}
subscribe-undo = Rückgängig: { $command }
filter-empty = Was gehört hinter „{ $filter }:“? Zum Beispiel art:werk, sprache:de, gewicht:hoch.
filter-unknown = { $filter }: „{ $value }“ kenne ich nicht. Gemeint war { $near }?
filter-choices = { $filter }: „{ $value }“ kenne ich nicht. Es gibt: { $known }

unsubscribe-none = Dieser Kanal erfährt noch von nichts. So geht es los: { $command } LISTEN-UND-FIRMEN
unsubscribe-which = { $count ->
    [one] Davon erfährt dieser Kanal; so endet es:
   *[other] Davon erfährt dieser Kanal; so endet eines davon:
}
unsubscribe-one = { $subscription } (beenden: { $command })
unsubscribe-done = Beendet. { $subscription }.
unsubscribe-left = { $count ->
    [0] Dieser Kanal erfährt nun von nichts mehr.
    [one] 1 Abonnement bleibt.
   *[other] { $count } Abonnements bleiben.
}
unsubscribe-undo = Wieder einrichten: { $command }
unsubscribe-no-number = Ein Abonnement { $number } hat dieser Kanal nicht. Es gibt:
unsubscribe-part = { $what } ist nur ein Teil eines Abonnements. Das ganze beenden, oder diesen Teil stumm stellen:
unsubscribe-not-there = { $what } hat dieser Kanal nicht abonniert. Es gibt:

# A subscription, a mute in words
subscription = { $number }: { $what }
subscription-part = { $what }; { $part }
when-at-once = sofort
when-daily = täglich um { $time }
when-weekly = wöchentlich, { $day ->
    [0] montags
    [1] dienstags
    [2] mittwochs
    [3] donnerstags
    [4] freitags
    [5] samstags
   *[6] sonntags
} um { $time }
when-quiet = { $when } ({ $at } liegt in der Ruhezeit)
limit-without = ohne { $companies }
limit-only = nur { $what }
limit-severity = Gewicht ab { $severity }
limit-languages = auf { $languages }
limit-outlets = aus { $outlets }
appetite-moves = nur Schritte
appetite-all = auch anderes sofort
subscription-paused = ruht: { $why }
paused-list-left = nicht mehr in den Regeln: { $lists }
mute-until = bis { $moment }
mute-for-ever = für immer
mute-in-words = { $number }: { $name } { $until }{ $where ->
    [everywhere] , überall
   *[here] {""}
}

# list
usage-list = liste [NAME], liste neu|dazu|weg|ende NAME FIRMA...
about-list = die Listen, und wer darauf steht; eigene anlegen
example-list = liste neu rivalen byd "great wall" xpeng
list-line = { $id }: { $title }, { $count ->
    [one] 1 Firma
   *[other] { $count } Firmen
}{ $made ->
    [chat] , im Chat angelegt
   *[rules] {""}
}
list-how = Wer auf einer davon steht: { $command }
list-all = Alle Listen: { $command }
list-of-company = { $company } steht auf diesen Listen: { $lists }
list-new-how = Eine neue Liste braucht einen Namen aus einem Wort (oder in Anführungszeichen) und Firmen: { $command } rivalen byd nio
list-bad-name = „{ $name }“ kann keine Liste heißen: Buchstaben, höchstens 60, und nicht nur Ziffern.
list-name-taken = „{ $name }“ heißt schon etwas anderes; bitte einen anderen Namen.
list-made = Liste { $name } angelegt, { $count ->
    [one] 1 Firma
   *[other] { $count } Firmen
}: { $companies }.
list-changed = Auf der Liste { $name } { $count ->
    [one] steht jetzt 1 Firma
   *[other] stehen jetzt { $count } Firmen
}: { $companies }.
list-subscribe = Davon erfahren: { $command }
list-which = Welche Liste?
list-unknown = Eine Liste „{ $name }“ gibt es nicht.
list-of-rules = { $name } kommt aus den Regeln und lässt sich im Chat nicht ändern. Eine eigene anlegen: { $command } NAME FIRMA...
list-of-whom = Welche Firmen?
list-empty = Dann stünde niemand mehr auf { $name }. Die Liste beenden: { $command }
list-end-how = Nur der Name der Liste: { $command }
list-ended = Die Liste { $name } ist beendet.
list-going-on = Ohne sie geht weiter: { $subscription }.
list-ended-elsewhere = { $count ->
    [one] 1 Abonnement eines anderen Kanals nannte sie; er erfährt davon.
   *[other] { $count } Abonnements anderer Kanäle nannten sie; sie erfahren davon.
}
list-undo = Wieder anlegen: { $command }
list-undo-subscribe = Und dann: { $command }

# mute, unmute, mutes, useful, useless
usage-mute = stumm FIRMA, LISTE oder S42 [7 Tage, bis DATUM, für immer] [überall]
about-mute = eine Weile nichts davon hören, eine Woche, wenn nichts dabeisteht
example-mute = stumm byd 2 Wochen
usage-unmute = laut [FIRMA, LISTE, S42, M3 oder alles]
about-unmute = wieder davon hören
example-unmute = laut byd
usage-mutes = stumme
about-mutes = was hier stumm ist
example-mutes = stumme
usage-useful = nützlich [S42]
about-useful = die Meldung war es wert
example-useful = nützlich S42
usage-useless = nutzlos [S42]
about-useless = die Meldung war es nicht wert
example-useless = nutzlos S42
usage-unrate = zurücknehmen [S42]
about-unrate = deine Bewertung einer Meldung zurücknehmen
example-unrate = zurücknehmen S42
mute-how = Wer oder welche Meldung soll stumm sein? Zum Beispiel:
mute-done = Stumm. { $mute }.
mute-undo = Rückgängig: { $command }
mute-over = { $date } ist schon vorbei.
mutes-none = Hier ist nichts stumm.
mutes-one = { $mute } (beenden: { $command })
unmute-done = Nicht mehr stumm. { $mute }.
unmute-which = Was davon?
useful-done = Notiert: { $story } war nützlich.
useless-done = Notiert: { $story } war nicht nützlich.
unrate-done = Zurückgenommen: deine Bewertung von { $story }.
unrate-nothing = Du hast { $story } nicht bewertet.
feedback-again = Das ist zu { $story } schon notiert.
