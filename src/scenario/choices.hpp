// How a scenario writes the values of its enumerations.
#pragma once

#include <string_view>
#include <utility>

#include "scenario/scenario.hpp"

namespace conclave {

template <>
struct Choices<NetworkModel> {
  static constexpr std::pair<NetworkModel, std::string_view> kNames[] = {{NetworkModel::message, "message"},
                                                                         {NetworkModel::flow, "flow"}};
};

template <>
struct Choices<FluidModel> {
  static constexpr std::pair<FluidModel, std::string_view> kNames[] = {{FluidModel::CM02, "CM02"},
                                                                       {FluidModel::LV08, "LV08"}};
};

template <>
struct Choices<ExecutorChoice> {
  static constexpr std::pair<ExecutorChoice, std::string_view> kNames[] = {{ExecutorChoice::automatic, "automatic"},
                                                                           {ExecutorChoice::exact, "exact"},
                                                                           {ExecutorChoice::windowed, "windowed"}};
};

template <>
struct Choices<SignatureScheme> {
  static constexpr std::pair<SignatureScheme, std::string_view> kNames[] = {{SignatureScheme::ed25519, "ed25519"},
                                                                            {SignatureScheme::modelled, "modelled"}};
};

template <>
struct Choices<ExpectedVerdict> {
  static constexpr std::pair<ExpectedVerdict, std::string_view> kNames[] = {{ExpectedVerdict::pass, "pass"},
                                                                            {ExpectedVerdict::fail, "fail"}};
};

}  // namespace conclave
