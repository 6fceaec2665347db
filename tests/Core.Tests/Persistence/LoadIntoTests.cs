using Speedup.Persistence;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace Core.Tests.Persistence;

public sealed class LoadIntoTests
{
    [Theory]
    [InlineData(".pth")]
    [InlineData(".safetensors")]
    public void LoadInto_OwnFile_RestoresTheModule(string extension)
    {
        using var files = new TemporaryFolder();
        using var scope = NewDisposeScope();
        using Sequential saved = Network();
        using Sequential target = Network();
        StateDictFile.Save(saved, files.File("net" + extension));

        StateDictFile.LoadInto(target, files.File("net" + extension));

        Assert.Equal(Snapshot(saved), Snapshot(target));
        Assert.Equal(8, saved.state_dict().Count);
        Assert.All(target.parameters(), parameter => Assert.True(parameter.requires_grad));
    }

    [Fact]
    public void LoadInto_AnyNumberOfFaults_ReportsAllAtOnceAndChangesNothing()
    {
        using var live = new LiveTensors();
        using var files = new TemporaryFolder();
        using var scope = NewDisposeScope();
        using Sequential target = Network();
        using StateDict wrong = Copy(target);
        string path = files.File("wrong.pth");
        using var bad = new StateDict();
        foreach ((string name, Tensor tensor) in wrong)
            if (name == "conv.weight")
                bad.Add(name, ones(3, 3));
            else if (name == "conv.bias")
                bad.Add("conv.bais", tensor.clone());
            else if (name == "norm.weight")
                bad.Add(name, ones([4], ScalarType.ComplexFloat32));
            else
                bad.Add(name, tensor.clone().fill_(7));
        StateDictFile.Save(bad, path);
        string before = Snapshot(target);

        var error = Assert.Throws<StateDictException>(() => StateDictFile.LoadInto(target, path));

        Assert.Equal("SPD1031", error.Code);
        Assert.Equal(path, error.FilePath);
        Assert.Equal(
            ["Missing conv.bias", "Shape conv.weight", "Type norm.weight", "Unexpected conv.bais"],
            error.Faults.Select(fault => $"{fault.Kind} {fault.Name}").Order()
        );
        Assert.Contains("the file has 'conv.bais'", error.Message, StringComparison.Ordinal);
        Assert.Contains("[3, 3] in the file, [4, 3, 3, 3] in the module", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Snapshot(target));
    }

    [Fact]
    public void LoadInto_NamesOfDataParallel_SaysSo()
    {
        using var files = new TemporaryFolder();
        using var scope = NewDisposeScope();
        using Sequential target = Network();
        using var wrapped = new StateDict();
        foreach ((string name, Tensor tensor) in target.state_dict())
            wrapped.Add("module." + name, tensor.detach().clone());
        StateDictFile.Save(wrapped, files.File("a.pth"));

        var error = Assert.Throws<StateDictException>(() => StateDictFile.LoadInto(target, files.File("a.pth")));

        Assert.Contains("DataParallel", error.Message, StringComparison.Ordinal);
        Assert.Contains("StripPrefixes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LoadInto_WithoutNumBatchesTracked_Works()
    {
        using var files = new TemporaryFolder();
        using var scope = NewDisposeScope();
        using Sequential target = Network();
        using StateDict file = Copy(target, except: "norm.num_batches_tracked");
        Assert.Equal(7, file.Count);
        file["norm.running_mean"].fill_(5);
        StateDictFile.Save(file, files.File("a.safetensors"));

        StateDictFile.LoadInto(target, files.File("a.safetensors"));

        Assert.Equal(5, target.state_dict()["norm.running_mean"][0].item<float>());
    }

    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Int32)]
    [InlineData(ScalarType.Bool)]
    public void LoadInto_OtherType_IsConvertedToTheModules(ScalarType type)
    {
        using var files = new TemporaryFolder();
        using var scope = NewDisposeScope();
        using Linear target = nn.Linear(2, 2);
        using var file = new StateDict();
        file.Add("weight", eye(2).to(type));
        file.Add("bias", ones(2).to(type));
        StateDictFile.Save(file, files.File("a.pth"));

        StateDictFile.LoadInto(target, files.File("a.pth"));

        Assert.Equal(ScalarType.Float32, target.weight!.dtype);
        Assert.Equal([1f, 0, 0, 1], target.weight.data<float>().ToArray());
    }

    [Fact]
    public void LoadInto_ValuesThatTheTypeCannotHold_IsRefused()
    {
        using var files = new TemporaryFolder();
        using var scope = NewDisposeScope();
        using Linear target = nn.Linear(2, 2, dtype: ScalarType.Float16);
        using var file = new StateDict();
        file.Add("weight", full([2, 2], 1e6));
        file.Add("bias", full([2], double.PositiveInfinity));
        StateDictFile.Save(file, files.File("a.pth"));
        string before = Snapshot(target);

        var error = Assert.Throws<StateDictException>(() => StateDictFile.LoadInto(target, files.File("a.pth")));

        Assert.Equal([StateDictFaultKind.Value], error.Faults.Select(fault => fault.Kind));
        Assert.Equal("weight", error.Faults[0].Name);
        Assert.Equal(before, Snapshot(target));
    }

    [Fact]
    public void LoadInto_WhenCopyingFailsHalfway_TakesTheCopiesBack()
    {
        using var files = new TemporaryFolder();
        using var scope = NewDisposeScope();
        using var target = new Overlapping();
        using StateDict file = Copy(target);
        foreach ((_, Tensor tensor) in file)
            tensor.add_(1);
        StateDictFile.Save(file, files.File("a.pth"));
        string before = Snapshot(target);

        var error = Assert.Throws<PersistenceException>(() => StateDictFile.LoadInto(target, files.File("a.pth")));

        Assert.Equal("SPD1034", error.Code);
        Assert.Equal(before, Snapshot(target));
    }

    /// <summary>A module with a buffer that no one can write to, after a parameter that one can.</summary>
    private sealed class Overlapping : nn.Module
    {
        public Overlapping()
            : base(nameof(Overlapping))
        {
            register_parameter("a", nn.Parameter(zeros(3)));
            register_buffer("b", zeros(1).expand(4));
        }
    }

    private static Sequential Network() =>
        nn.Sequential(
            ("conv", nn.Conv2d(3, 4, 3)),
            ("norm", nn.BatchNorm2d(4)),
            ("act", nn.ReLU()),
            ("out", nn.Conv2d(4, 2, 1, bias: false))
        );

    private static StateDict Copy(nn.Module module, string? except = null)
    {
        var copy = new StateDict();
        foreach ((string name, Tensor tensor) in module.state_dict())
            if (name != except)
                copy.Add(name, tensor.detach().clone());
        return copy;
    }

    private static string Snapshot(nn.Module module)
    {
        using var scope = NewDisposeScope();
        return string.Join(
            ";",
            module.state_dict().Select(item => $"{item.Key}={Convert.ToHexString(item.Value.detach().contiguous().bytes)}")
        );
    }
}
