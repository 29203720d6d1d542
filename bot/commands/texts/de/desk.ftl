# Joining
list-comma = { $items }, { $item }
list-and = { $items } und { $last }
list-more = { $items } und { $count ->
    [one] 1 weitere
   *[other] { $count } weitere
}

# What went wrong, and what to type instead
failed = Da ist hier etwas schiefgegangen; es steht im Protokoll. Bitte noch einmal versuchen.
unknown-command = „{ $word }“ kenne ich nicht. Gemeint war: { $usage }
unknown-name = Eine Firma oder Liste „{ $name }“ kenne ich nicht. Gemeint war { $near }?
unknown-name-plain = Eine Firma oder Liste „{ $name }“ kenne ich nicht.
unknown-line = „{ $line }“ ist kein Befehl und keine Firma, die ich kenne. Danach suchen: { $search }; alle Befehle: { $help }
which-story = Welche Meldung? Ihre Nummer schreiben (S42), oder auf die Meldung antworten.
no-story = Eine Meldung { $story } gibt es nicht.
one-story = Bitte eine Meldung nach der anderen: { $command }
did-you-mean = Gemeint war { $near }?
company-gone = { $company } steht nicht mehr in den Regeln; Neues wird dazu nicht mehr gelesen.
refused-member = Das dürfen nur Mitglieder dieses Kanals; nachsehen darf jeder: hilfe
refused-admin = Listen gelten für alle Kanäle: nur ein Admin dieses Kanals darf sie ändern.
refused-operator = Das dürfen nur die Betreiber von evwatch für alle Kanäle.

# help
usage-help = hilfe [BEFEHL]
about-help = alle Befehle, oder einer mit Beispiel
example-help = hilfe abonnieren
help-first = Dieser Kanal erfährt von mir, wenn eine beobachtete Firma bei Elektroautos einen Schritt macht. Was man schreiben kann:
help-line = { $title }: { $usages }
group-look-up = Nachsehen
group-told = Erfahren
group-settings = Einstellen
help-last = Was ein Befehl tut: { $usage }
