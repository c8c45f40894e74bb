// conclave sweep export DB: the results as a table, for other programs.

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/sweep.hpp"
#include "sweep/export.hpp"

namespace conclave {

namespace {

struct SweepExportCommand {
  std::string database;
  std::string format = "csv";
  std::string output = "-";
  std::string where;
  bool wide = false;
  bool times = false;
};

int execute(const SweepExportCommand& command) {
  try {
    const Store store(database_of(command.database), Store::Access::read);
    std::string problem;
    const auto where =
        command.where.empty() ? std::optional(Where()) : Where::parse(command.where, store.plan().paths, problem);
    if (!where) {
      fmt::print(stderr, "conclave: error: --where: {}\n", problem);
      return kExitUsage;
    }
    const ExportOptions options{*where, command.wide, command.times};
    const auto write = [&](Output& out) {
      const std::size_t rows =
          command.format == "csv" ? export_csv(store, options, out) : export_json_lines(store, options, out);
      out.close();
      return rows;
    };
    if (command.output == "-") {
      Output out = Output::to_standard_output();
      write(out);
    } else {
      Output out(command.output);
      const std::size_t rows = write(out);
      fmt::print("{}: {} rows\n", command.output, rows);
    }
    return kExitOk;
  } catch (const StoreError& error) {
    fmt::print(stderr, "conclave: error: {}\n", error.what());
  } catch (const OutputError& error) {
    fmt::print(stderr, "conclave: error: {}\n", error.what());
  }
  return kExitUsage;
}

}  // namespace

void add_sweep_export(CLI::App& sweep, int& exit_code) {
  auto command = std::make_shared<SweepExportCommand>();
  CLI::App* exported = sweep.add_subcommand("export", "write the results of a sweep as a table");
  exported->add_option("DB", command->database, "database, or the sweep's file")->required();
  exported->add_option("--format", command->format, "csv or jsonl (default: csv)")
      ->check(CLI::IsMember({"csv", "jsonl"}));
  exported->add_option("-o,--output", command->output, "where to write it (default: the standard output)");
  exported->add_option("--where", command->where, "only runs such as 'count >= 7 and status = ok'");
  exported->add_flag("--wide", command->wide, "CSV: a row for each run, not for each metric of it");
  exported->add_flag("--times", command->times, "also how long each run took, and where");
  exported->callback([command, &exit_code] { exit_code = execute(*command); });
}

}  // namespace conclave
