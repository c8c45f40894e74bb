// Evidence of misbehaviour: when do signed records, by themselves, prove to a third party that their signer broke its
// protocol? There are two ways. Either two records of one signer contradict each other, or one record should never have
// been signed, whatever its signer has seen. A protocol says so for each kind of its records that is signed:
//
//   Pledge pledge() const;                               what the record binds its signer to
//   bool forbidden(AgentId signer, Court&) const;        optional: no honest agent would sign this record
//   bool signed_by(AgentId, Court&) const;               optional: for a record that holds what is signed
//
// and registers the kind with `Law::add<Kind>()`. An honest agent, whatever the network does, signs only one content
// for each (domain, view, sequence); on that promise of the protocol rests that nobody honest is convicted.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/consensus_events.hpp"
#include "core/crypto.hpp"
#include "core/digest.hpp"
#include "core/roster.hpp"

namespace conclave {

/// What a signed record binds its signer to.
struct Pledge {
  std::string_view domain;
  std::uint64_t view = 0;
  std::uint64_t sequence = 0;
  Digest content;

  bool same_place(const Pledge& other) const {
    return domain == other.domain && view == other.view && sequence == other.sequence;
  }
};

/// What a third party has: the public keys, and who belongs to which group.
class Court {
 public:
  Court(const KeyRing& keys, const Roster& roster) : roster_(roster), crypto_(keys, kNobody, CryptoCost{}) {}

  const Roster& roster() const { return roster_; }
  /// Verifies signatures and certificates; signs nothing.
  Crypto& crypto() { return crypto_; }
  /// True if the evidence alone proves the offence of the accused.
  bool proves(const Accused& accusation);

 private:
  const Roster& roster_;
  Crypto crypto_;
};

/// What the court knows of the kinds of records.
class Law {
 public:
  template <class Kind>
  static bool add() {
    return enact(kRecordType<Kind>, {[](const Record& record) { return static_cast<const Kind&>(record).pledge(); },
                                     [](const Record& record, AgentId by, Court& court) {
                                       const auto& statement = static_cast<const Kind&>(record);
                                       if constexpr (requires { statement.signed_by(by, court); })
                                         return statement.signed_by(by, court);
                                       else
                                         return court.crypto().verify(statement, by);
                                     },
                                     [](const Record& record, AgentId by, Court& court) {
                                       const auto& statement = static_cast<const Kind&>(record);
                                       if constexpr (requires { statement.forbidden(by, court); })
                                         return statement.forbidden(by, court);
                                       return false;
                                     }});
  }

 private:
  friend class Court;
  struct Rules {
    Pledge (*pledge)(const Record&);
    bool (*signed_by)(const Record&, AgentId, Court&);
    bool (*forbidden)(const Record&, AgentId, Court&);
  };
  static bool enact(const RecordType& type, Rules rules);
  /// The rules of a kind of record, or nullptr.
  static const Rules* of(const Record& record);
};

}  // namespace conclave
