using System.Text.Json.Serialization;

namespace Speedup.Pruning.Budgets;

/// <summary>What a budget is about.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BudgetMeasure>))]
public enum BudgetMeasure
{
    /// <summary>Multiply-accumulates of one pass on the example input.</summary>
    Macs,

    /// <summary>Entries of parameters.</summary>
    Parameters,

    /// <summary>The time of one pass on the example input, measured on this machine.</summary>
    Latency,
}
