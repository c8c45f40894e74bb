// conclave trace export DIR --format FORMAT [-o FILE]

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <string>

#include "cli/commands.hpp"
#include "core/diagnostics.hpp"
#include "trace/exporters.hpp"
#include "trace/trace_reader.hpp"

namespace conclave {

namespace fs = std::filesystem;

namespace {

struct ExportOptions {
  std::string folder;
  std::string format;
  std::string output;  ///< empty for the format's own name in the folder, `-` for the standard output
};

int export_trace(const ExportOptions& options) {
  const Exporter* exporter = find_exporter(options.format);
  if (!exporter) {
    fmt::print(stderr, "conclave: error: there is no trace format `{}`\n      = {}\n", options.format,
               suggestion(options.format, export_formats()));
    return kExitUsage;
  }
  try {
    const fs::path trace = find_trace(options.folder);
    if (options.output == "-") {
      Output out = Output::to_standard_output();
      exporter->write(trace, out);
      out.close();
      return kExitOk;
    }
    const fs::path target =
        options.output.empty() ? fs::path(options.folder) / exporter->file_name : fs::path(options.output);
    if (std::error_code ignored; fs::equivalent(target, trace, ignored))
      throw OutputError(target, "is the trace itself; choose another file with -o");
    Output out(target);
    const std::uint64_t events = exporter->write(trace, out);
    out.close();
    fmt::print("{}: {} events\n", target.native(), events);
    return kExitOk;
  } catch (const TraceError& error) {
    fmt::print(stderr, "conclave: error: {}\n", error.what());
  } catch (const OutputError& error) {
    fmt::print(stderr, "conclave: error: {}\n", error.what());
  }
  return kExitUsage;
}

}  // namespace

void add_trace(CLI::App& app, int& exit_code) {
  CLI::App* trace = app.add_subcommand("trace", "Turn the trace of a run into the format of another program");
  trace->require_subcommand(1);
  CLI::App* command = trace->add_subcommand("export", "Write the trace of a run in another format");
  const auto options = std::make_shared<ExportOptions>();
  command->add_option("folder", options->folder, "The folder of the run")->type_name("DIR")->required();
  command->add_option("--format", options->format, fmt::format("One of: {}", fmt::join(export_formats(), ", ")))
      ->type_name("FORMAT")
      ->required();
  command
      ->add_option("-o,--output", options->output,
                   "Where to write it; `-` for the standard output. Default: a file in the folder of the run")
      ->type_name("FILE");
  command->callback([options, &exit_code] { exit_code = export_trace(*options); });
}

}  // namespace conclave
