#include "trace/exporters.hpp"

namespace conclave {

std::span<const Exporter> exporters() {
  static constexpr Exporter kExporters[] = {{"perfetto", "trace.perfetto-trace", &export_perfetto},
                                            {"shiviz", "trace.shiviz.log", &export_shiviz}};
  return kExporters;
}

const Exporter* find_exporter(std::string_view format) {
  for (const Exporter& exporter : exporters())
    if (exporter.format == format) return &exporter;
  return nullptr;
}

std::vector<std::string> export_formats() {
  std::vector<std::string> formats;
  for (const Exporter& exporter : exporters()) formats.emplace_back(exporter.format);
  return formats;
}

}  // namespace conclave
