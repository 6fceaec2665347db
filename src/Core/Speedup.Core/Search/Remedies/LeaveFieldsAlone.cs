using Speedup.Core.Propagation;

namespace Speedup.Core.Search.Remedies;

/// <summary>Changes no fields, since one that looked like a width was none.</summary>
internal sealed class LeaveFieldsAlone : IRemedy
{
    /// <inheritdoc/>
    public string Description => "leave fields as they are";

    /// <inheritdoc/>
    public SearchState? Apply(SearchState state, Failure failure, OperatorGraph graph) =>
        failure.Kind is FailureKind.Differs or FailureKind.Refused && state.AllFields.Count > 0
            ? state with
            {
                Fields = [],
                Guesses = [],
                ChangesFields = false,
            }
            : null;
}
