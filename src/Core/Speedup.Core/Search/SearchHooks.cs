namespace Speedup.Core.Search;

/// <summary>Who is told of a search's progress.</summary>
/// <param name="Analysed">Told of what was inferred, before anything is planned.</param>
/// <param name="Replaced">
/// Told of each small model that runs as planned, before it is verified: plugins have their last word before the result is judged.
/// </param>
internal sealed record SearchHooks(Action<Analysis> Analysed, Action<Analysis, Attempt> Replaced);
