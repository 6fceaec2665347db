using Speedup.Abstractions;
using Speedup.TestKit.Operators;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Plugins.Handlers.Tests;

public sealed class OwnershipTests
{
    private static readonly Dictionary<string, (Func<nn.Module<Tensor, Tensor>> Create, long[] Shape)> Modules = new()
    {
        ["conv"] = (() => nn.Conv2d(6, 4, 3, padding: 1), [1, 6, 5, 5]),
        ["grouped conv without bias"] = (() => nn.Conv2d(6, 4, 3, groups: 2, bias: false), [1, 6, 5, 5]),
        ["transposed conv"] = (() => nn.ConvTranspose2d(6, 4, 2, stride: 2), [1, 6, 3, 3]),
        ["batch norm"] = (() => nn.BatchNorm2d(6), [1, 6, 3, 3]),
        ["instance norm"] = (() => nn.InstanceNorm2d(6, affine: true, track_running_stats: true), [1, 6, 3, 3]),
        ["group norm"] = (() => nn.GroupNorm(6, 6), [1, 6, 3, 3]),
        ["PReLU"] = (() => nn.PReLU(6), [1, 6, 3, 3]),
        ["linear"] = (() => nn.Linear(6, 4), [1, 6]),
    };

    public static TheoryData<string> ModuleNames => [.. Modules.Keys];

    [Theory]
    [MemberData(nameof(ModuleNames))]
    public void Handler_OfAModuleWithParameters_LeavesOnlyTheSmallModule(string name)
    {
        using nn.Module<Tensor, Tensor> module = Modules[name].Create();
        module.eval();
        using Tensor input = randn(Modules[name].Shape);
        using Tensor output = module.forward(input);
        ParameterFacts[] state =
        [
            .. module.named_parameters().Select(entry => new ParameterFacts(entry.name, entry.parameter, null)),
            .. module.named_buffers().Select(entry => new ParameterFacts(entry.name, entry.buffer, null)),
        ];
        var op = new LoneOperator([input], [output], state) { Module = module };
        op.Input(0)[1].SetConstant(0, 1);
        op.Input(0)[1].SetConstant(4, 2);
        IModuleHandler handler = Harness.Handlers.For(module.GetType());
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        handler.InferFromWeight(op);
        handler.InferFromInput(op);
        handler.InferFromOutput(op);
        handler.Relate(op);
        op.Plan(new Random(1), () => handler.Constrain(op));
        handler.Replace(op)!.Build()!.Dispose();

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}
