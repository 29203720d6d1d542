# Joining
list-comma = { $items }, { $item }
list-and = { $items } and { $last }
list-more = { $items } and { $count ->
    [one] 1 more
   *[other] { $count } more
}

# What went wrong, and what to type instead
failed = That went wrong on my side; it is in the log. Please try again.
unknown-command = I do not know “{ $word }”. Did you mean: { $usage }
unknown-name = I know no company and no list “{ $name }”. Did you mean { $near }?
unknown-name-plain = I know no company and no list “{ $name }”.
unknown-line = “{ $line }” is no command and no company I know. To look for it: { $search }; all commands: { $help }
which-story = Which story? Write its number (S42), or answer the story's message.
no-story = There is no story { $story }.
one-story = One story at a time, please: { $command }
did-you-mean = Did you mean { $near }?
company-gone = { $company } is no longer in the rules; nothing new will be read about it.
refused-member = Only members of this channel may do that; look-ups are open to you: help
refused-admin = Lists are shared by every channel: only an admin of this channel may change them.
refused-operator = Only the operators of evwatch may do that for every channel.

# help
usage-help = help [COMMAND]
about-help = all commands, or one of them with an example
example-help = help subscribe
help-first = I tell this channel when a watched company makes a move in electric vehicles. What to type:
help-line = { $title }: { $usages }
group-look-up = Look up
group-told = Be told
group-settings = Settings
help-last = What each of them does: { $usage }
