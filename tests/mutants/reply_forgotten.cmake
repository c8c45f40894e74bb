# Who executes a request does not say so; only a client that asks again gets its answer.
set(source src/protocols/consensus/service.cpp)
replace([[    out.send(request->client, client.reply);]]
        [[]])
set(scenario scenarios/consensus/pbft_4.yaml)
set(checker progress)
