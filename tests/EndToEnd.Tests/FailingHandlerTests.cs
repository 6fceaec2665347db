using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;
using Speedup.Core.Masks;
using Speedup.Core.Pipeline;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>Handlers that throw: the error names handler, function and operator, and the model is bit for bit what it was.</summary>
public sealed class FailingHandlerTests
{
    [Theory]
    [InlineData(nameof(IModuleHandler.InferFromWeight))]
    [InlineData(nameof(IModuleHandler.InferFromInput))]
    [InlineData(nameof(IModuleHandler.InferFromOutput))]
    [InlineData(nameof(IModuleHandler.Relate))]
    [InlineData(nameof(IModuleHandler.Constrain))]
    [InlineData(nameof(IModuleHandler.ShrinksInside))]
    [InlineData(nameof(IModuleHandler.ReplaceSettings))]
    [InlineData(nameof(IModuleHandler.CountMacs))]
    public void ModuleHandlerThatThrows_IsNamedAndRolledBack(string function) =>
        AssertNamed(Engine.With([new ThrowingNorm(function)], []), nameof(ThrowingNorm), function, "norm");

    [Fact]
    public void FunctionHandlerThatThrows_IsNamedAndRolledBack() =>
        AssertNamed(Engine.With([], [new ThrowingRelu()]), nameof(ThrowingRelu), nameof(IFunctionHandler.Replace), "relu");

    /// <summary>Numbers that depend on the size are a reason to try again, and a handler that throws is none: it is named all the same.</summary>
    [Fact]
    public void ModuleHandlerThatThrowsInReplace_OnAModelThatDependsOnTheSize_IsNamed()
    {
        using var scope = NewDisposeScope();
        using var model = new Sized();
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "first", 0, 4));
        Snapshot before = Snapshot.Of(model);
        using ServiceProvider services = Engine.With([new ThrowingIdentity()], []);

        var error = Assert.Throws<SpeedupException>(() =>
            services.GetRequiredService<IModelSpeedup>().Speedup(model, [randn(2, 3, 5, 5)], masks)
        );

        Assert.Equal("SPD4001", error.Code);
        Assert.Contains(nameof(ThrowingIdentity), error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Snapshot.Of(model));
    }

    /// <summary>Plugins have their last word before the result is judged: what one writes then is found, and put back.</summary>
    [Fact]
    public void ModuleHandlerThatWritesWeightsAtTheEnd_IsFoundAndRolledBack()
    {
        using var scope = NewDisposeScope();
        using var model = new Twice();
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "second", 1));
        Snapshot before = Snapshot.Of(model);
        using ServiceProvider provider = Engine.With([new WritingNorm()], []);

        var error = Assert.Throws<SpeedupException>(() =>
            provider.GetRequiredService<IModelSpeedup>().Speedup(model, [randn(2, 3, 5, 5)], masks)
        );

        Assert.Equal("SPD6001", error.Code);
        Assert.Equal(before, Snapshot.Of(model));
    }

    private static void AssertNamed(ServiceProvider services, string handler, string function, string name)
    {
        using ServiceProvider _ = services;
        using var scope = NewDisposeScope();
        using var model = new Twice();
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "first", 0, 4), MaskFactory.Rows(model, "second", 1));
        Snapshot before = Snapshot.Of(model);

        var error = Assert.Throws<SpeedupException>(() =>
            services.GetRequiredService<IModelSpeedup>().Speedup(model, [randn(2, 3, 5, 5)], masks)
        );

        Assert.Equal("SPD3004", error.Code);
        Assert.All(
            [handler + "." + function, name, "fails on purpose"],
            part => Assert.Contains(part, error.Message, StringComparison.Ordinal)
        );
        Assert.Equal(before, Snapshot.Of(model));
    }

    private sealed class Twice : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d first = nn.Conv2d(3, 8, 3, padding: 1);
        private readonly BatchNorm2d norm = nn.BatchNorm2d(8);
        private readonly Conv2d second = nn.Conv2d(8, 6, 1);
        private readonly Conv2d head = nn.Conv2d(6, 2, 1);

        public Twice()
            : base(nameof(Twice))
        {
            RegisterComponents();
            SmallNetworks.Randomize(this, 51);
        }

        public override Tensor forward(Tensor input)
        {
            Tensor x = norm.forward(nn.functional.relu(norm.forward(first.forward(input))));
            return head.forward(nn.functional.relu(second.forward(x)));
        }
    }

    private sealed class Sized : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d first = nn.Conv2d(3, 8, 3);
        private readonly Identity identity = nn.Identity();
        private readonly Conv2d last = nn.Conv2d(8, 4, 3);

        public Sized()
            : base(nameof(Sized)) => RegisterComponents();

        public override Tensor forward(Tensor input) => last.forward(identity.forward(first.forward(input)) * input.shape[2]);
    }

    private sealed class ThrowingIdentity : RuleModuleHandler<Identity>
    {
        protected override IEnumerable<AxisRule> RulesOf(IOperator op) => [Elementwise.Unchanged];

        public override nn.Module? Replace(IReplacement replacement) => throw new InvalidOperationException("It fails on purpose.");
    }

    private sealed class ThrowingNorm(string function) : ModuleHandler<BatchNorm2d>
    {
        public override void InferFromWeight(IOperator op) => ThrowIf(nameof(InferFromWeight));

        public override void InferFromInput(IOperator op) => ThrowIf(nameof(InferFromInput));

        public override void InferFromOutput(IOperator op) => ThrowIf(nameof(InferFromOutput));

        public override void Relate(IRelations relations) => ThrowIf(nameof(Relate));

        public override void Constrain(IPlanning plan) => ThrowIf(nameof(Constrain));

        public override bool ShrinksInside(IReplacement replacement)
        {
            ThrowIf(nameof(ShrinksInside));
            return false;
        }

        public override IReadOnlyDictionary<string, object?> ReplaceSettings(IReplacement replacement)
        {
            ThrowIf(nameof(ReplaceSettings));
            return base.ReplaceSettings(replacement);
        }

        public override long CountMacs(IOperator op)
        {
            ThrowIf(nameof(CountMacs));
            return 0;
        }

        private void ThrowIf(string called)
        {
            if (called == function)
                throw new InvalidOperationException("It fails on purpose.");
        }
    }

    private sealed class ThrowingRelu : FunctionHandler
    {
        public override IReadOnlyList<FunctionKey> Functions => [new(typeof(nn.functional), "relu")];

        public override void Relate(IRelations relations) { }

        public override IReadOnlyDictionary<string, object?> Replace(IReplacement replacement) =>
            throw new InvalidOperationException("It fails on purpose.");
    }

    private sealed class WritingNorm : ModuleHandler<BatchNorm2d>
    {
        public override void Relate(IRelations relations) { }

        public override long CountMacs(IOperator op)
        {
            using var _ = no_grad();
            ModuleOf(op).weight!.add_(1);
            return 0;
        }
    }
}
