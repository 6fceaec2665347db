using Speedup.Abstractions;
using Speedup.TestKit.Operators;
using static TorchSharp.torch;

namespace Plugins.Handlers.Tests.Harness;

/// <summary>Has the kit test a module with random parameters and masks.</summary>
internal sealed class ModuleCheck(nn.Module<Tensor, Tensor> module, int seed)
{
    /// <summary>Input shapes, the traced one first.</summary>
    public required IReadOnlyList<long[]> Sizes { get; init; }

    /// <summary>Axis of the input on which constants enter.</summary>
    public int ConstantAxis { get; init; } = 1;

    /// <summary>Axis of the output on which unused indices enter.</summary>
    public int UnusedAxis { get; init; } = 1;

    public ConstantPolicy Policy { get; init; }

    /// <summary>Runs it; says whether anything was removed.</summary>
    public bool Run()
    {
        OperatorSubject subject = Handlers.Kit.Operator(
            () => module,
            (made, inputs) => [made.call(inputs[0])],
            CheckInputs.Of([.. Sizes.Select(shape => new[] { shape })], _ => ConstantAxis)
        ) with
        {
            Name = module.GetType().Name,
            OutputAxis = UnusedAxis,
            Policy = Policy,
        };
        OperatorReport report = subject.Run(cases: 1, seed);
        report.ThrowIfFailed();
        return report.Removed > 0;
    }
}
