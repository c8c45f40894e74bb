#include "core/evidence.hpp"

#include <map>

namespace conclave {

namespace {

template <class Rules>
std::map<std::uint32_t, Rules>& book() {
  static std::map<std::uint32_t, Rules> rules_by_tag;
  return rules_by_tag;
}

}  // namespace

bool Law::enact(const RecordType& type, Rules rules) {
  return book<Rules>().emplace(type.tag, rules).second;
}

const Law::Rules* Law::of(const Record& record) {
  const auto known = book<Rules>().find(record.type->tag);
  return known == book<Rules>().end() ? nullptr : &known->second;
}

bool Court::proves(const Accused& accusation) {
  for (const RecordPtr& record : accusation.evidence) {
    const Law::Rules* rules = record ? Law::of(*record) : nullptr;
    if (!rules || !rules->signed_by(*record, accusation.accused, *this)) return false;
  }
  if (accusation.evidence.size() == 1) {
    const Record& record = *accusation.evidence.front();
    return Law::of(record)->forbidden(record, accusation.accused, *this);
  }
  if (accusation.evidence.size() != 2) return false;
  const Record& first = *accusation.evidence.front();
  const Record& second = *accusation.evidence.back();
  const Pledge one = Law::of(first)->pledge(first);
  const Pledge other = Law::of(second)->pledge(second);
  return one.same_place(other) && one.content != other.content;
}

}  // namespace conclave
