using System.Runtime.Loader;
using Speedup.Abstractions;
using Speedup.Core.Hosting;
using Speedup.Core.Pipeline;
using Speedup.Core.Reporting;
using Speedup.Persistence.Masks;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>Plugins are loaded once, however often a program asks: a load context is never unloaded.</summary>
public sealed class OneEngineTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("speedup-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Run_Repeatedly_LoadsNoPluginAnew()
    {
        Speed((model, input, masks) => ModelSpeedup.Run(model, input, masks));
        int before = CountContexts();

        for (int run = 0; run < 5; run++)
            Speed((model, input, masks) => ModelSpeedup.Run(model, input, masks));

        Assert.Equal(before, CountContexts());
    }

    [Fact]
    public void Run_WithOptionsOfTheSpeedupOnly_LoadsNoPluginAnewAndKeepsTheOptions()
    {
        Speed((model, input, masks) => ModelSpeedup.Run(model, input, masks));
        int before = CountContexts();

        SpeedupReport checkedOnce = Speed(
            (model, input, masks) =>
                ModelSpeedup.Run(model, input, masks, options => options.Defaults = new SpeedupOptions { VerifyOnFreshInputs = false })
        );
        SpeedupReport asUsual = Speed((model, input, masks) => ModelSpeedup.Run(model, input, masks));

        Assert.Single(checkedOnce.Verification.Checks);
        Assert.NotEqual(1, asUsual.Verification.Checks.Count);
        Assert.Equal(before, CountContexts());
    }

    [Fact]
    public void Create_WithAFolderOfItsOwn_LoadsItsPluginsOnceForAllRuns()
    {
        string plugins = PluginFolders.CopyTo(_folder);
        int before = CountContexts();

        using ModelSpeedup speedup = ModelSpeedup.Create(options => options.Plugins.Directory = plugins);
        int created = CountContexts();
        for (int run = 0; run < 3; run++)
            Speed((model, input, masks) => speedup.Run(model, input, masks));

        Assert.True(created - before >= Directory.GetDirectories(plugins).Length, $"{before} load contexts before, {created} after");
        Assert.Equal(created, CountContexts());
    }

    [Fact]
    public void Run_WithoutAnyPlugin_ThrowsTheRemedyAndLeavesTheModelAlone()
    {
        using var scope = NewDisposeScope();
        using var model = SmallNetworks.Randomize(new SmallNetworks.Plain(), 1);
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "conv1", 0, 1));
        Snapshot before = Snapshot.Of(model);

        var none = Assert.Throws<SpeedupException>(() =>
            ModelSpeedup.Run(model, [randn(2, 3, 9, 9)], masks, options => options.Plugins.Directory = _folder)
        );
        var missing = Assert.Throws<SpeedupException>(() =>
            ModelSpeedup.Run(model, [randn(2, 3, 9, 9)], masks, options => options.Plugins.Directory = Path.Combine(_folder, "absent"))
        );

        Assert.Equal(("SPD5030", "SPD5001"), (none.Code, missing.Code));
        Assert.All(
            [_folder, "Reference the package Speedup", "AllowNone"],
            part => Assert.Contains(part, none.Message, StringComparison.Ordinal)
        );
        Assert.Equal(before, Snapshot.Of(model));
    }

    private static SpeedupReport Speed(Func<nn.Module, IReadOnlyList<Tensor>, MaskSet, SpeedupReport> run)
    {
        using var scope = NewDisposeScope();
        using var model = SmallNetworks.Randomize(new SmallNetworks.Plain(), 1);
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "conv1", 0, 3, 5));
        SpeedupReport report = run(model, [randn(2, 3, 9, 9)], masks);
        Assert.True(report.ParametersAfter < report.ParametersBefore, "Nothing went.");
        return report;
    }

    private static int CountContexts() => AssemblyLoadContext.All.Count();
}
