# Who executes a request does not say so; only a client that asks again gets its answer.
set(source src/protocols/consensus/service.cpp)
replace([[    reply(request->client, client.reply, out);]]
        [[]])
set(scenario scenarios/consensus/pbft_4.yaml)
set(checker progress)
