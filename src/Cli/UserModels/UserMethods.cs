using Speedup.Pruning.Abstractions;
using Speedup.Pruning.Descriptions;
using Speedup.Pruning.Evaluation;
using Speedup.Pruning.Stages;

namespace Speedup.Cli.UserModels;

/// <summary>The methods that a description names, of the assembly that the command line names.</summary>
internal sealed class UserMethods(UserAssembly assembly) : IDescribedMethods
{
    public Action<FineTuneContext> FindTraining(string name) => assembly.FindMethod<Action<FineTuneContext>>(name);

    public Func<EvaluationContext, ModelMetrics> FindEvaluation(string name) =>
        assembly.FindMethod<Func<EvaluationContext, ModelMetrics>>(name);

    public Func<IPruningStatistics> FindStatistics(string name) => assembly.FindMethod<Func<IPruningStatistics>>(name);
}
