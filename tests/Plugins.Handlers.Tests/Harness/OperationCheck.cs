using Speedup.TestKit.Operators;
using Xunit;
using static TorchSharp.torch;

namespace Plugins.Handlers.Tests.Harness;

/// <summary>Has the kit test a module without parameters, with any number of inputs and outputs.</summary>
internal sealed class OperationCheck(nn.Module module, Func<nn.Module, Tensor[], Tensor[]> call, int seed)
{
    /// <summary>Shapes of the inputs, in one or more sizes; the first one is the traced one.</summary>
    public required IReadOnlyList<long[][]> Sizes { get; init; }

    /// <summary>Axis of each input on which constants enter.</summary>
    public required Func<int, int> ConstantAxis { get; init; }

    /// <summary>Axis of all outputs on which unused indices enter.</summary>
    public required int UnusedAxis { get; init; }

    /// <summary>Whether all inputs have the constants of the first.</summary>
    public bool SameConstants { get; init; }

    /// <summary>Whether another module took its place.</summary>
    public bool IsRebuilt { get; private set; }

    /// <summary>Runs it; says whether anything was removed.</summary>
    public bool Run()
    {
        OperatorSubject subject = Handlers.Kit.Operator(() => module, call, CheckInputs.Of(Sizes, ConstantAxis)) with
        {
            Name = module.GetType().Name,
            OutputAxis = UnusedAxis,
            SameConstants = SameConstants,
        };
        OperatorReport report = subject.Run(cases: 1, seed);
        report.ThrowIfFailed();
        IsRebuilt = report.Rebuilt > 0;
        Assert.True(report.Removed > 0 || !IsRebuilt, "a new module where nothing goes");
        return report.Removed > 0;
    }
}
