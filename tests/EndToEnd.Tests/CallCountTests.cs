using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;
using Speedup.Core.Pipeline;
using Speedup.Core.Reporting;
using Speedup.Persistence.Masks;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>How often the functions of a handler are called, as <see cref="IOperatorHandler"/> says.</summary>
public sealed class CallCountTests
{
    [Fact]
    public void Functions_OfACallThatIsRightAtOnce_AreCalledAsOftenAsDocumented()
    {
        using var scope = NewDisposeScope();
        using Sequential model = nn.Sequential(nn.Conv2d(3, 8, 3), nn.SiLU(), nn.Conv2d(8, 4, 3));
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "0", 0, 5));
        var handler = new CountingHandler();
        using ServiceProvider services = Engine.With([handler], []);

        SpeedupReport report = services.GetRequiredService<IModelSpeedup>().Speedup(model, [randn(2, 3, 9, 9)], masks);

        Assert.Empty(report.Attempts);
        Assert.Equal(6, ((Conv2d)model[0]).out_channels);
        Assert.Equal(nameof(IOperatorHandler.InferFromWeight), handler.Calls[0]);
        Assert.Equal(1, handler.Count(nameof(IOperatorHandler.InferFromWeight)));
        Assert.Equal(1, handler.Count(nameof(IOperatorHandler.Relate)));
        Assert.InRange(handler.Count(nameof(IOperatorHandler.InferFromInput)), 1, 10);
        Assert.InRange(handler.Count(nameof(IOperatorHandler.InferFromOutput)), 1, 10);
        Assert.InRange(handler.Count(nameof(IOperatorHandler.Constrain)), 1, 10);
        Assert.InRange(handler.Count(nameof(IModuleHandler.Replace)), 1, 10);
        int related = handler.Calls.IndexOf(nameof(IOperatorHandler.Relate));
        Assert.True(
            handler.Calls.LastIndexOf(nameof(IOperatorHandler.InferFromOutput)) < related,
            "all facts are there when axes are related"
        );
        Assert.True(related < handler.Calls.IndexOf(nameof(IOperatorHandler.Constrain)));
        Assert.True(handler.Calls.LastIndexOf(nameof(IOperatorHandler.Constrain)) < handler.Calls.IndexOf(nameof(IModuleHandler.Replace)));
    }

    private sealed class CountingHandler : ModuleHandler<SiLU>
    {
        private static readonly Elementwise Rule = Elementwise.Of(value => value / (1 + Math.Exp(-value)));

        public List<string> Calls { get; } = [];

        public int Count(string function) => Calls.Count(call => call == function);

        public override void InferFromWeight(IOperator op) => Calls.Add(nameof(InferFromWeight));

        public override void InferFromInput(IOperator op)
        {
            Calls.Add(nameof(InferFromInput));
            Rule.InferFromInput(op);
        }

        public override void InferFromOutput(IOperator op)
        {
            Calls.Add(nameof(InferFromOutput));
            Rule.InferFromOutput(op);
        }

        public override void Relate(IRelations relations)
        {
            Calls.Add(nameof(Relate));
            Rule.Relate(relations);
        }

        public override void Constrain(IPlanning plan) => Calls.Add(nameof(Constrain));

        public override SmallModule? Replace(IReplacement replacement)
        {
            Calls.Add(nameof(Replace));
            return null;
        }
    }
}
