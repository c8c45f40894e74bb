// Turns a trace into a Perfetto trace: a protobuf of packets, of which the first describe tracks and the others are
// instants on them. Field numbers are those of protos/perfetto/trace in the sources of Perfetto.
//
// Groups are plain tracks and not processes: the viewer orders processes by how busy they are, and the tracks in them
// by name, so that replica[10] would come before replica[2]. Only children of plain tracks keep a given order.

#include <algorithm>
#include <protozero/pbf_builder.hpp>
#include <string>
#include <vector>

#include "trace/causal_order.hpp"
#include "trace/exporters.hpp"

namespace conclave {

namespace {

using nlohmann::json;

enum class Trace : protozero::pbf_tag_type { packet = 1 };
enum class Packet : protozero::pbf_tag_type { timestamp = 8, sequence = 10, track_event = 11, track_descriptor = 60 };
enum class Track : protozero::pbf_tag_type { uuid = 1, name = 2, parent = 5, child_ordering = 11, rank = 12 };
enum class Instant : protozero::pbf_tag_type {
  annotation = 4,
  type = 9,
  track = 11,
  category = 22,
  name = 23,
  flow = 47,
  ending_flow = 48
};
enum class Annotation : protozero::pbf_tag_type {
  boolean = 2,
  natural = 3,
  integer = 4,
  real = 5,
  text = 6,
  name = 10,
  entry = 11,  ///< of a dictionary
  item = 12    ///< of an array
};

constexpr std::int32_t kExplicitOrder = 3;  ///< TrackDescriptor.EXPLICIT
constexpr std::int32_t kTypeInstant = 3;    ///< TrackEvent.TYPE_INSTANT
constexpr std::uint32_t kSequence = 1;      ///< any but 0: all packets are from one writer

/// Arrows are numbered by the place of their arrival in the trace. Each needs its own number at both ends: of two
/// arrivals with one number, the viewer draws the arrow of the first only.
struct Arrow {
  MessageId message;
  std::uint64_t number;

  auto operator<=>(const Arrow&) const = default;
};

/// All arrows, those of a message together.
std::vector<Arrow> find_arrows(const std::filesystem::path& trace) {
  std::vector<Arrow> arrows;
  CausalReader reader(trace);
  while (const TraceEvent* event = reader.next())
    if (event->arrival()) arrows.push_back({event->message, reader.position()});
  std::sort(arrows.begin(), arrows.end());
  return arrows;
}

class PerfettoWriter {
 public:
  PerfettoWriter(const Roster& roster, std::vector<Arrow> arrows, Output& out)
      : roster_(roster), arrows_(std::move(arrows)), out_(out) {}

  void write_tracks();
  void write_event(const TraceEvent& event, std::uint64_t position);

 private:
  std::uint64_t track_of(AgentId id) const { return 1 + roster_.groups().size() + index(id); }
  void write_track(std::uint64_t uuid, std::uint64_t parent, const std::string& name, std::uint64_t rank);
  void write_flows(const TraceEvent& event, std::uint64_t position, protozero::pbf_builder<Instant>& instant) const;
  void annotate(const TraceEvent& event, protozero::pbf_builder<Instant>& instant) const;
  template <class Fill>
  void write_packet(Fill&& fill);

  const Roster& roster_;
  const std::vector<Arrow> arrows_;
  Output& out_;
  std::string packet_;  ///< scratch
};

template <class Fill>
void PerfettoWriter::write_packet(Fill&& fill) {
  packet_.clear();
  {
    protozero::pbf_builder<Trace> trace(packet_);
    protozero::pbf_builder<Packet> packet(trace, Trace::packet);
    packet.add_uint32(Packet::sequence, kSequence);
    fill(packet);
  }
  out_.write(packet_);
}

void PerfettoWriter::write_tracks() {
  std::uint64_t group_track = 0;
  for (const Group& group : roster_.groups()) {
    group_track++;
    write_track(group_track, 0, printable(group.name), group_track);
    for (const AgentId id : group.agents) {
      const std::string name = printable(roster_.name(id)) + (roster_.honest(id) ? "" : " (faulty)");
      write_track(track_of(id), group_track, name, group.agents.rank(id));
    }
  }
}

void PerfettoWriter::write_track(std::uint64_t uuid, std::uint64_t parent, const std::string& name,
                                 std::uint64_t rank) {
  write_packet([&](protozero::pbf_builder<Packet>& packet) {
    protozero::pbf_builder<Track> track(packet, Packet::track_descriptor);
    track.add_uint64(Track::uuid, uuid);
    track.add_string(Track::name, name);
    if (parent != 0) track.add_uint64(Track::parent, parent);
    if (parent == 0) track.add_enum(Track::child_ordering, kExplicitOrder);
    track.add_int32(Track::rank, static_cast<std::int32_t>(rank));
  });
}

void PerfettoWriter::write_event(const TraceEvent& event, std::uint64_t position) {
  write_packet([&](protozero::pbf_builder<Packet>& packet) {
    packet.add_uint64(Packet::timestamp, static_cast<std::uint64_t>(nanoseconds(event.time)));
    protozero::pbf_builder<Instant> instant(packet, Packet::track_event);
    instant.add_enum(Instant::type, kTypeInstant);
    instant.add_uint64(Instant::track, track_of(event.agent));
    const std::string_view category = name(event.kind);
    instant.add_string(Instant::category, category.data(), category.size());
    instant.add_string(Instant::name, title(event));
    write_flows(event, position, instant);
    annotate(event, instant);
  });
}

void PerfettoWriter::write_flows(const TraceEvent& event, std::uint64_t position,
                                 protozero::pbf_builder<Instant>& instant) const {
  if (event.arrival()) instant.add_fixed64(Instant::ending_flow, position);
  if (event.kind != EventKind::sent) return;
  auto arrow = std::lower_bound(arrows_.begin(), arrows_.end(), Arrow{event.message, 0});
  for (; arrow != arrows_.end() && arrow->message == event.message; ++arrow)
    instant.add_fixed64(Instant::flow, arrow->number);
}

void add_value(const json& value, protozero::pbf_builder<Annotation>& annotation) {
  switch (value.type()) {
    case json::value_t::boolean: return annotation.add_bool(Annotation::boolean, value.get<bool>());
    case json::value_t::number_unsigned: return annotation.add_uint64(Annotation::natural, value.get<std::uint64_t>());
    case json::value_t::number_integer: return annotation.add_int64(Annotation::integer, value.get<std::int64_t>());
    case json::value_t::number_float: return annotation.add_double(Annotation::real, value.get<double>());
    case json::value_t::string: {
      const auto& text = value.get_ref<const std::string&>();
      return annotation.add_string(Annotation::text, text.empty() ? text : printable(text));
    }
    case json::value_t::object:
      for (const auto& [key, inner] : value.items()) {
        protozero::pbf_builder<Annotation> entry(annotation, Annotation::entry);
        entry.add_string(Annotation::name, printable(key));
        add_value(inner, entry);
      }
      return;
    case json::value_t::array:
      for (const json& inner : value) {
        protozero::pbf_builder<Annotation> item(annotation, Annotation::item);
        add_value(inner, item);
      }
      return;
    default: return annotation.add_string(Annotation::text, "null");
  }
}

void PerfettoWriter::annotate(const TraceEvent& event, protozero::pbf_builder<Instant>& instant) const {
  for (const auto& [key, value] : event.fields.items()) {
    if (key == "t" || key == "agent" || key == "event") continue;  // the viewer shows them anyway
    protozero::pbf_builder<Annotation> annotation(instant, Instant::annotation);
    annotation.add_string(Annotation::name, printable(key));
    const bool peer = (key == "from" || key == "to") && value.is_number();
    peer ? annotation.add_string(Annotation::text, printable(roster_.name(event.peer))) : add_value(value, annotation);
  }
}

}  // namespace

std::uint64_t export_perfetto(const std::filesystem::path& trace, Output& out) {
  CausalReader reader(trace);
  PerfettoWriter writer(reader.trace().roster(), find_arrows(trace), out);
  writer.write_tracks();
  std::uint64_t events = 0;
  for (; const TraceEvent* event = reader.next(); events++) writer.write_event(*event, reader.position());
  return events;
}

}  // namespace conclave
