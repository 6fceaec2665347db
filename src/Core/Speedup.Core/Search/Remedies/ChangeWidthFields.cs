using System.Collections.Immutable;
using Speedup.Core.Propagation;
using Speedup.Core.Replacement;

namespace Speedup.Core.Search.Remedies;

/// <summary>
/// Gives fields of the user's modules that held the old width of an axis the new one, all at once. A guess stays where the small model then gets
/// past the call, and is forgotten where it does not.
/// </summary>
internal sealed class ChangeWidthFields : IRemedy
{
    /// <inheritdoc/>
    public string Description => "give fields that held a width the new one";

    /// <inheritdoc/>
    public SearchState? Apply(SearchState state, Failure failure, OperatorGraph graph)
    {
        if (failure.Kind != FailureKind.Diverged || !state.ChangesFields)
            return null;
        ImmutableList<FieldGuess> guesses = [];
        foreach (TraceMismatch mismatch in failure.Mismatches)
        {
            string path = PathOf(mismatch, failure, graph);
            if (state.Searched.Contains((mismatch.NodeId, path)))
                continue;
            state = state with { Searched = state.Searched.Add((mismatch.NodeId, path)) };
            List<WidthField> known = [.. state.Fields, .. guesses.SelectMany(guess => guess.Fields)];
            WidthField[] found = [.. WidthFieldSearch.Find(graph, failure.Plan, mismatch.NodeId, path).Where(IsNew)];
            WidthField[] fields =
            [
                .. found,
                .. found.SelectMany(field => WidthFieldSearch.FindRelatives(graph, failure.Plan, field)).Where(IsNew),
            ];
            bool IsNew(WidthField field) => !known.Exists(other => other.IsSame(field));
            if (fields.Length > 0)
                guesses = guesses.Add(new FieldGuess(mismatch, fields));
        }
        return guesses.IsEmpty ? null : state with { Guesses = guesses };
    }

    /// <summary>The module whose code went astray: the one that stopped, or else the one that made the call.</summary>
    private static string PathOf(TraceMismatch mismatch, Failure failure, OperatorGraph graph) =>
        mismatch.Stopped ? failure.FailedPath : graph.Operators[Math.Min(mismatch.NodeId, graph.Operators.Count - 1)].Node.ModulePath;
}
