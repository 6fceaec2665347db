using System.IO.Compression;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;
using Speedup.Core.Hosting;
using Speedup.Core.Pipeline;
using Speedup.Core.Reporting;
using Speedup.Persistence.Masks;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>Whatever goes wrong: a clear error, and a model that is bit for bit what it was.</summary>
public sealed class FailureTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Fixture _fixture = new(Fixture.Fpgm);
    private readonly string _folder = Directory.CreateTempSubdirectory("speedup-tests-").FullName;

    public void Dispose()
    {
        _fixture.Dispose();
        _scope.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void CorruptedMasksFile_IsRefused()
    {
        byte[] bytes = File.ReadAllBytes(_fixture.PathOf("masks.pth"));
        bytes[bytes.Length / 2] ^= 0x40;

        AssertRefused(Write("corrupted.pth", bytes), "corrupted.pth");
    }

    [Fact]
    public void TruncatedMasksFile_IsRefused()
    {
        byte[] bytes = File.ReadAllBytes(_fixture.PathOf("masks.pth"));

        AssertRefused(Write("truncated.pth", bytes[..(bytes.Length / 3)]), "truncated.pth");
    }

    [Fact]
    public void PickleThatNamesOsSystem_IsRefusedByName()
    {
        string path = Path.Combine(_folder, "attack.pth");
        using (ZipArchive archive = ZipFile.Open(path, ZipArchiveMode.Create))
        {
            Add(archive, "attack/data.pkl", [0x80, 2, .. Encoding.ASCII.GetBytes("cos\nsystem\nX\x04\0\0\0true\x85R.")]);
            Add(archive, "attack/version", "3\n"u8.ToArray());
        }

        AssertRefused(path, "os.system");
    }

    [Fact]
    public void MasksThatDoNotFit_AreAllNamedInOneError()
    {
        using var masks = new MaskSet([
            new MaskEntry("conv1", "weight", ones(20, 1, 3, 3).DetachFromDisposeScope()),
            new MaskEntry("conv3", "weight", ones(2, 2).DetachFromDisposeScope()),
            new MaskEntry("fc1", "gamma", ones(500).DetachFromDisposeScope()),
            new MaskEntry("fc2", "bias", full(10, 0.5f).DetachFromDisposeScope()),
        ]);
        Snapshot before = Snapshot.Of(_fixture.Model);

        var error = Assert.Throws<MaskException>(() => ModelSpeedup.Run(_fixture.Model, [_fixture.Input], masks));

        Assert.All(["conv1", "conv3", "gamma", "fc2"], name => Assert.Contains(name, error.Message, StringComparison.Ordinal));
        Assert.Equal(before, Snapshot.Of(_fixture.Model));
    }

    [Fact]
    public void ModelThatThrows_IsNamedAndUnchanged()
    {
        using var model = new SmallNetworks.Throwing();
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "conv", 1));
        Snapshot before = Snapshot.Of(model);

        var error = Assert.Throws<SpeedupException>(() => ModelSpeedup.Run(model, [randn(1, 3, 8, 8)], masks));

        Assert.Equal("SPD2002", error.Code);
        Assert.Contains("this model has a bug", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Snapshot.Of(model));
    }

    [Fact]
    public void ExampleInputOfAWrongShape_IsRefused()
    {
        Snapshot before = Snapshot.Of(_fixture.Model);

        var error = Assert.Throws<SpeedupException>(() => ModelSpeedup.Run(_fixture.Model, [randn(1, 3, 28, 28)], _fixture.Masks));

        Assert.Equal("SPD2002", error.Code);
        Assert.Equal(before, Snapshot.Of(_fixture.Model));
    }

    [Fact]
    public void UnsoundHandler_IsCaughtAndRolledBack()
    {
        using var model = SmallNetworks.Randomize(new SmallNetworks.Plain(), 11);
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "conv2", 0, 1, 2));
        Snapshot before = Snapshot.Of(model);
        long tensors = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using ServiceProvider services = Engine.With([new ForgetfulNorm()], []);

        var error = Assert.Throws<SpeedupException>(() =>
            services.GetRequiredService<IModelSpeedup>().Speedup(model, [randn(2, 3, 9, 9)], masks)
        );

        Assert.Equal("SPD6001", error.Code);
        Assert.Equal(before, Snapshot.Of(model));
        Assert.Equal(tensors + 1, DisposeScopeManager.Statistics.ThreadTotalLiveCount); // the input of this test
    }

    [Fact]
    public void Cancellation_LeavesTheModelUnchanged()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Snapshot before = Snapshot.Of(_fixture.Model);

        Assert.Throws<OperationCanceledException>(() =>
            Engine.Shared.Speedup(_fixture.Model, [_fixture.Input], _fixture.Masks, cancellation: source.Token)
        );

        Assert.Equal(before, Snapshot.Of(_fixture.Model));
    }

    [Fact]
    public void StrictMode_RefusesCallsWithoutHandler()
    {
        Snapshot before = Snapshot.Of(_fixture.Model);

        var error = Assert.Throws<SpeedupException>(() =>
            ModelSpeedup.Run(
                _fixture.Model,
                [_fixture.Input],
                _fixture.Masks,
                options =>
                {
                    options.Plugins.Directory = _folder;
                    options.Plugins.AllowNone = true;
                    options.Defaults = new SpeedupOptions { Strict = true };
                }
            )
        );

        Assert.Equal("SPD3003", error.Code);
        Assert.Contains("TorchSharp.Modules.Conv2d", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Snapshot.Of(_fixture.Model));
    }

    [Fact]
    public void FolderTakenOut_MakesItsModulesBarriers_AndPutBackItWorksWithoutARebuild()
    {
        string plugins = PluginFolders.CopyTo(_folder);
        string pooling = Path.Combine(plugins, "Speedup.Plugins.Pooling");
        string away = Path.Combine(_folder, "away");
        Directory.Move(pooling, away);
        using var without = new Fixture(Fixture.Fpgm);

        SpeedupReport report = ModelSpeedup.Run(
            without.Model,
            [without.Input],
            without.Masks,
            options => options.Plugins.Directory = plugins
        );
        Directory.Move(away, pooling);
        SpeedupReport whole = ModelSpeedup.Run(
            _fixture.Model,
            [_fixture.Input],
            _fixture.Masks,
            options => options.Plugins.Directory = plugins
        );

        Assert.Equal(["max_pool1", "max_pool2"], report.Barriers.Select(barrier => barrier.Where));
        Assert.All(report.Barriers, barrier => Assert.Equal("TorchSharp.Modules.MaxPool2d", barrier.Operator));
        Assert.Contains(report.Kept, kept => kept.Reason.Contains("max_pool1 (MaxPool2d) has no handler", StringComparison.Ordinal));
        Assert.Equal(report.ParametersBefore, report.ParametersAfter);
        Assert.InRange(report.Verification.MaxRelativeError, 0, 1e-5);
        Assert.Empty(whole.Barriers);
        Assert.Equal(_fixture.NniParameters, whole.ParametersAfter);
    }

    private void AssertRefused(string path, string expected)
    {
        Snapshot before = Snapshot.Of(_fixture.Model);

        SpeedupException error = Assert.ThrowsAny<SpeedupException>(() => ModelSpeedup.Run(_fixture.Model, _fixture.Input, path));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Snapshot.Of(_fixture.Model));
    }

    private string Write(string name, byte[] bytes)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static void Add(ZipArchive archive, string name, byte[] bytes)
    {
        using Stream stream = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
        stream.Write(bytes);
    }
}
