# What the sequencer has ordered is handed over as its own.
set(source src/protocols/delivery/sequencer.cpp)
replace([[forward(view, Message{next.envelope->author, next.envelope->body}, out);]] [[forward(view, Message{sequencer_, next.envelope->body}, out);]])
set(scenario tests/mutants/delivery_authors.yaml)
set(checker delivery_integrity)
