// `parameters`: blocks whose points are combined, each with each.
#pragma once

#include <vector>

#include "core/diagnostics.hpp"
#include "sweep/design.hpp"

namespace conclave {

/// Points, and the paths that they set with their places in the file.
struct PointSet {
  std::vector<std::string> paths;
  std::vector<Location> places;
  std::vector<Point> points;
};

/// Reads the list of blocks; whatever is wrong is reported.
PointSet read_blocks(const Value& written, Diagnostics& diagnostics);
/// Drops the points that an entry of `exclude` describes.
void exclude_points(PointSet& set, const Value& written, Diagnostics& diagnostics);
/// Adds the points of `include`. A point that is there already is not added again.
void include_points(PointSet& set, const Value& written, Diagnostics& diagnostics);

}  // namespace conclave
