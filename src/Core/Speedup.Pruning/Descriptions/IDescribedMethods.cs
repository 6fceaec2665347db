using Speedup.Pruning.Abstractions;
using Speedup.Pruning.Evaluation;
using Speedup.Pruning.Stages;

namespace Speedup.Pruning.Descriptions;

/// <summary>Finds the methods that a description names. Only a host that trusts their assembly has them.</summary>
public interface IDescribedMethods
{
    /// <summary>A training.</summary>
    /// <param name="name">Its name in the description.</param>
    Action<FineTuneContext> FindTraining(string name);

    /// <summary>An evaluation.</summary>
    /// <param name="name">Its name in the description.</param>
    Func<EvaluationContext, ModelMetrics> FindEvaluation(string name);

    /// <summary>What makes batches to measure on.</summary>
    /// <param name="name">Its name in the description.</param>
    Func<IPruningStatistics> FindStatistics(string name);
}
