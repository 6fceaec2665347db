using Speedup.Abstractions;

namespace Speedup.Persistence.Masks;

/// <summary>Masks do not fit a model. One exception reports all faults.</summary>
public sealed class MaskException : SpeedupException
{
    private const int MostShown = 20;

    /// <summary>Creates an error.</summary>
    /// <param name="faults">Everything that does not fit; at least one.</param>
    public MaskException(IReadOnlyList<MaskFault> faults)
        : base(MaskCodes.DoNotFit, Quoted.Message(Text(faults)))
    {
        Faults = faults;
        ModulePath = faults.Select(fault => fault.ModulePath).Distinct().Count() == 1 ? faults[0].ModulePath : null;
    }

    /// <summary>Everything that does not fit.</summary>
    public IReadOnlyList<MaskFault> Faults { get; }

    private static string Text(IReadOnlyList<MaskFault> faults)
    {
        IEnumerable<string> lines = faults.Take(MostShown).Select(fault => $"\n  {fault.Code}: {fault.Message}");
        string more = faults.Count > MostShown ? $"\n  and {faults.Count - MostShown} more" : "";
        return $"the masks do not fit the model ({faults.Count} faults). Export the masks again from this model, or load the model "
            + $"they were made for.{string.Concat(lines)}{more}";
    }
}
