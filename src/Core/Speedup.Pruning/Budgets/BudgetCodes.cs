namespace Speedup.Pruning.Budgets;

/// <summary>Codes of errors about budgets; permanent.</summary>
internal static class BudgetCodes
{
    /// <summary>A budget that is none.</summary>
    public const string NoBudget = "SPD9051";

    /// <summary>What may go is not enough.</summary>
    public const string OutOfReach = "SPD9052";

    /// <summary>A latency that was not met as often as it was tried.</summary>
    public const string LatencyMissed = "SPD9053";
}
