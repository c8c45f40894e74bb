// Batches of requests, and the contexts that refuse some of them.

#include <doctest/doctest.h>

#include "core/codec.hpp"
#include "protocols/consensus/batch.hpp"

using namespace conclave;

namespace {

ClientRequestPtr request(std::uint32_t client, std::uint64_t number, std::uint32_t bytes = 0) {
  return share(ClientRequest{.client = agent(client), .number = number, .operation = {bytes}});
}

BatchPtr batch(std::vector<ClientRequestPtr> requests) {
  Batch made;
  made.requests = std::move(requests);
  return share(std::move(made));
}

/// Reads a context as a scenario would and asks it.
struct Reader {
  Roster roster;
  Diagnostics diagnostics;

  Reader() {
    roster.add("replica", 4, "pbft");
    roster.add("client", 2, "consensus_client");
    roster.add("guest", 2, "consensus_client");
  }
  std::shared_ptr<const DataContext> read(const Value& written) {
    const Deployment deployment{roster, roster.groups()[0], agent(0)};
    const auto choice = ParamType<DataContextChoice>::read(written, diagnostics);
    if (!choice) return nullptr;
    choice->check(deployment, diagnostics);
    return diagnostics.empty() ? choice->make(deployment) : nullptr;
  }
  static Value written(std::string name, std::string key, Value value) {
    Value options = Value::map();
    options.set(std::move(key), std::move(value));
    Value context = Value::map();
    context.set(std::move(name), std::move(options));
    return context;
  }
};

}  // namespace

TEST_CASE("a batch is named by its requests and their order") {
  const auto a = request(4, 1), b = request(5, 1);
  CHECK(batch({a, b})->digest() == batch({request(4, 1), request(5, 1)})->digest());
  CHECK(batch({a, b})->digest() != batch({b, a})->digest());
  CHECK(batch({a})->digest() != batch({})->digest());
  CHECK(batch({a})->digest() != a->digest());
}

TEST_CASE("an altered copy of a batch or a request has a digest of its own") {
  const auto whole = batch({request(4, 1), request(5, 1)});
  const Digest before = whole->digest();
  Batch copy = *whole;
  copy.requests.pop_back();
  CHECK(copy.digest() != before);
  ClientRequest other = *whole->requests[0];
  other.number++;
  CHECK(other.digest() != whole->requests[0]->digest());
}

TEST_CASE("a batch survives the wire, and a hole in it is seen") {
  const auto whole = batch({request(4, 1, 10), request(5, 1)});
  const RecordPtr read = decode_record(whole->encode().bytes);
  REQUIRE(read);
  CHECK(read->as<Batch>()->digest() == whole->digest());
  CHECK(whole->complete());
  CHECK_FALSE(batch({nullptr})->complete());
}

TEST_CASE("contexts refuse with a reason") {
  Reader reader;
  CHECK(refusal(nullptr, *request(4, 1, 1'000'000)).empty());
  CHECK(refusal(reader.read(Value::scalar("any")), *request(4, 1, 1'000'000)).empty());

  const auto small = reader.read(Reader::written("payload_max", "bytes", Value::scalar("1KiB")));
  CHECK(refusal(small, *request(4, 1, 1024)).empty());
  CHECK(refusal(small, *request(4, 1, 1025)) == "an operation of 1025 B where 1KiB are allowed");
  CHECK(refusal(small, *batch({request(4, 1, 1), request(5, 1, 2000)})) ==
        "an operation of 2000 B where 1KiB are allowed");

  const auto members = reader.read(Reader::written("only_clients", "groups", Value::list({Value::scalar("client")})));
  CHECK(refusal(members, *request(5, 1)).empty());
  CHECK(refusal(members, *request(6, 1)) == "a client that may not ask");
  CHECK(reader.diagnostics.empty());
}

TEST_CASE("a context that cannot be is refused") {
  Reader reader;
  SUBCASE("unknown") {
    CHECK_FALSE(reader.read(Value::scalar("payload_mx")));
    CHECK(reader.diagnostics.all()[0].hint == "did you mean `payload_max`?");
  }
  SUBCASE("of a group that is not there") {
    CHECK_FALSE(reader.read(Reader::written("only_clients", "groups", Value::list({Value::scalar("clint")}))));
    CHECK(reader.diagnostics.all()[0].message == "there is no group `clint` of clients");
  }
  SUBCASE("without its options") {
    CHECK_FALSE(reader.read(Value::scalar("payload_max")));
    CHECK(reader.diagnostics.all()[0].message.find("bytes") != std::string::npos);
  }
  SUBCASE("a list") {
    CHECK_FALSE(reader.read(Value::list()));
  }
}
