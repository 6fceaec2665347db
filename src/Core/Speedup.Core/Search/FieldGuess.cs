using Speedup.Core.Replacement;

namespace Speedup.Core.Search;

/// <summary>Fields that may hold the width of an axis: they are right if the small model then gets past a call.</summary>
/// <param name="Mismatch">The call at which it went astray.</param>
/// <param name="Fields">The fields, which get their new widths.</param>
internal sealed record FieldGuess(TraceMismatch Mismatch, IReadOnlyList<WidthField> Fields);
