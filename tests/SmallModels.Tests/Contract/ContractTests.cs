using Microsoft.Extensions.DependencyInjection;
using SmallModels.Tests.Support;
using SmallNetworks;
using Speedup.Abstractions;
using Speedup.Core.Hosting;
using Speedup.Core.Pipeline;
using Speedup.Core.SmallModels;
using Speedup.Modules;
using Speedup.Persistence.Masks;
using Xunit;
using static TorchSharp.torch;

namespace SmallModels.Tests.Contract;

/// <summary>Modules of plugins in saved small models.</summary>
public sealed class ContractTests : IDisposable
{
    private static readonly Func<Gate, Tensor, nn.Module> OwnClass = (_, scale) => new PrunedGate(1.0, scale, zeros(1));
    private static readonly SmallModelOptions Known = new() { ModuleTypes = [typeof(PrunedGate)] };
    private readonly TemporaryFolder _folder = new();
    private readonly Tensor _input = randn(2, 3, 9, 9);

    public void Dispose()
    {
        _folder.Dispose();
        _input.Dispose();
    }

    [Fact]
    public void Load_OfAPluginsOwnClass_IsEqual()
    {
        using GateNet small = MakeSmall(new GateNet(), new GateHandler(OwnClass));
        SmallModel.Save(small, _folder.File("gate.speedup"));

        using GateNet loaded = SmallModel.Load(new GateNet(), _folder.File("gate.speedup"), Known);

        loaded.eval();
        Assert.Contains(loaded.named_modules(), own => own.module is PrunedGate { Note: "none" });
        Assert.True(ModelBits.AreEqual([small.call(_input)], [loaded.call(_input)]));
        Assert.All(loaded.named_parameters(), own => Assert.True(own.parameter.requires_grad));
    }

    [Fact]
    public void Load_OfAClassThatNobodyNamed_MakesNothing()
    {
        using GateNet small = MakeSmall(new GateNet(), new GateHandler(OwnClass));
        SmallModel.Save(small, _folder.File("gate.speedup"));
        using var model = new GateNet();
        ModelBits before = ModelBits.Of(model);

        SmallModelException error = Assert.Throws<SmallModelException>(() => SmallModel.Load(model, _folder.File("gate.speedup")));

        Assert.Equal("SPD1046", error.Code);
        Assert.Equal(before, ModelBits.Of(model));
    }

    [Fact]
    public void Save_OfAReplacementWithSettingsOfItsOwn_TellsTheField()
    {
        using GateNet small = MakeSmall(new GateNet(new Gate.Settings(2)), new GateHandler((gate, scale) => new Gate(scale, gate.Made)));

        SmallModelException error = Assert.Throws<SmallModelException>(() => SmallModel.Save(small, _folder.File("gate.speedup")));

        Assert.Equal("SPD1045", error.Code);
        Assert.Contains("'settings'", Assert.Single(error.Differences));
        Assert.Contains(nameof(ISavableModule), error.Message);
    }

    [Fact]
    public void Save_OfAReplacementWithoutSettings_NeedsNoContract()
    {
        using GateNet small = MakeSmall(new GateNet(), new GateHandler((_, scale) => new Gate(scale)));
        SmallModel.Save(small, _folder.File("gate.speedup"));

        using GateNet loaded = SmallModel.Load(new GateNet(), _folder.File("gate.speedup"));

        loaded.eval();
        Assert.True(ModelBits.AreEqual([small.call(_input)], [loaded.call(_input)]));
    }

    [Fact]
    public void Save_OfAClassThatSaysNothing_TellsWhatItMustImplement()
    {
        using GateNet small = MakeSmall(new GateNet(), new GateHandler((_, scale) => new SilentGate(scale)));

        SmallModelException error = Assert.Throws<SmallModelException>(() => SmallModel.Save(small, _folder.File("gate.speedup")));

        Assert.Contains(nameof(SilentGate), Assert.Single(error.Differences));
    }

    [Fact]
    public void Speedup_WhereAHandlerFailsToDescribe_NamesItAndChangesNothing()
    {
        using var model = new GateNet();
        model.eval();
        ModelBits before = ModelBits.Of(model);

        SpeedupException error = Assert.Throws<SpeedupException>(() =>
            MakeSmall(model, new GateHandler(OwnClass, _ => null), new FailingDescription())
        );

        Assert.Equal("SPD3004", error.Code);
        Assert.Contains(nameof(FailingDescription), error.Message);
        Assert.Equal(before, ModelBits.Of(model));
    }

    [Fact]
    public void Save_OfAModelAroundASmallOne_HoldsTheSmallOne()
    {
        using GateNet part = MakeSmall(new GateNet(), new GateHandler(OwnClass));
        using nn.Module<Tensor, Tensor> whole = Around(part);
        SmallModel.Save(whole, _folder.File("whole.speedup"));

        using nn.Module<Tensor, Tensor> loaded = SmallModel.Load(Around(new GateNet()), _folder.File("whole.speedup"), Known);

        loaded.eval();
        Assert.True(ModelBits.AreEqual([whole.call(_input)], [loaded.call(_input)]));
    }

    private static nn.Module<Tensor, Tensor> Around(GateNet part)
    {
        nn.Module<Tensor, Tensor> whole = nn.Sequential(("part", part), ("last", nn.Conv2d(4, 2, 1)));
        whole.eval();
        return whole;
    }

    private GateNet MakeSmall(GateNet model, params IModuleHandler[] handlers)
    {
        var services = new ServiceCollection();
        foreach (IModuleHandler handler in handlers)
            services.AddSingleton(handler);
        using ServiceProvider host = services.AddSpeedup().BuildServiceProvider();
        using var masks = new MaskSet(RowMasks.Rows(model, "first", 0, 2, 5));
        model.eval();
        host.GetRequiredService<IModelSpeedup>().Speedup(model, [_input], masks);
        Assert.Equal(5, model.state_dict()["first.weight"].shape[0]);
        return model;
    }

    /// <summary>A class that says nothing of how it is made.</summary>
    private sealed class SilentGate(Tensor scale) : nn.Module<Tensor, Tensor>(nameof(SilentGate))
    {
        public override Tensor forward(Tensor input) => input * scale.view(1, -1, 1, 1);
    }

    /// <summary>Is asked about the gate's replacement, and fails.</summary>
    private sealed class FailingDescription : ModuleHandler<PrunedGate>
    {
        public override void Relate(IRelations relations) { }

        public override ModuleConstruction FindConstruction(nn.Module replacement) => throw new InvalidOperationException("No.");
    }
}
