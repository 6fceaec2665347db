using System.Globalization;
using SmallModels.Tests.Support;
using Speedup.Core.CodeWriting;
using Speedup.Core.SmallModels;
using Speedup.Persistence;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace SmallModels.Tests.CodeWriting;

/// <summary>What is written of a forward pass, and what is refused.</summary>
public sealed class WriteCodeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void WriteCode_WithNumbersFromSizes_WritesThemAsSizes()
    {
        var model = new SizesNet();

        string code = Write(model, [randn(2, 3, 8, 6)]);

        Assert.DoesNotContain("96", code, StringComparison.Ordinal); // batch times rows, and lengths of the example
        Assert.Contains(".shape[2] * 2", code, StringComparison.Ordinal);
        Assert.Contains(".shape[3] + 3", code, StringComparison.Ordinal);
        Assert.Contains(".shape[2] / 4", code, StringComparison.Ordinal); // half of the rows, of twice as many
        AssertEqual(model, [randn(2, 3, 8, 6)], [randn(1, 3, 24, 12)], [randn(3, 3, 9, 7)], [randn(7, 3, 5, 31)]);
    }

    [Fact]
    public void WriteCode_WithTensorsInForward_MakesThemParametersAndBuffers()
    {
        var model = new OwnTensorsNet();

        string code = Write(model, [randn(2, 3, 4)]);

        Assert.Contains("private readonly Parameter scale = nn.Parameter(zeros([3, 1]));", code, StringComparison.Ordinal);
        Assert.Contains("inner.weight", code, StringComparison.Ordinal);
        Assert.Contains("training: training", code, StringComparison.Ordinal);
        nn.Module loaded = Load();
        Assert.Equal(["inner.bias", "inner.weight", "offset", "scale", "table"], loaded.state_dict().Keys.Order(StringComparer.Ordinal));
        Assert.Equal(3, loaded.named_parameters().Count());
        AssertEqual(model, [randn(2, 3, 4)], [randn(1, 3, 4)], [randn(7, 3, 4)]);
    }

    [Fact]
    public void WriteCode_OfAFunctionThatTrains_FollowsTheNetworksMode()
    {
        Write(new OwnTensorsNet(), [randn(2, 3, 4)]);
        var network = (nn.Module<Tensor, (Tensor, Tensor)>)Load();

        network.train();
        Tensor trained = network.call(randn(50, 3, 4)).Item2;

        Assert.InRange(trained.eq(tensor(0f)).to(ScalarType.Float32).mean().ToSingle(), 0.3f, 0.7f);
    }

    [Fact]
    public void WriteCode_OfTwoInputsAndSharedWeights_KeepsThemShared()
    {
        var model = new SharedNet();

        Write(model, [randn(2, 5, 6), randn(2, 5, 6)]);

        nn.Module loaded = Load();
        Dictionary<string, Tensor> weights = loaded.state_dict();
        using IDisposable noGradients = no_grad();
        using Scalar two = 2f;
        weights["first.weight"].fill_(two);
        Assert.Equal(2f, weights["second.weight"].max().ToSingle());
        AssertEqual(model, [randn(2, 5, 6), randn(2, 5, 6)], [randn(3, 11, 6), randn(3, 11, 6)]);
    }

    [Fact]
    public void WriteCode_WithNamesThatCodeCannotHave_FindsOthers()
    {
        var model = new NamesNet();

        string code = Write(model, [randn(2, 4)]);

        Assert.DoesNotContain("\n    evil();", code, StringComparison.Ordinal);
        AssertEqual(model, [randn(2, 4)], [randn(5, 4)]);
    }

    [Fact]
    public void WriteCode_OfAModelThatDraws_DrawsTheSame()
    {
        var model = new NoiseNet();
        model.eval();
        Write(model, [randn(2, 4)]);
        var loaded = (nn.Module<Tensor, Tensor>)Load();
        Tensor input = randn(3, 4);

        manual_seed(5);
        Tensor expected = model.call(input);
        manual_seed(5);
        Tensor actual = loaded.call(input);

        Assert.True(expected.bytes.SequenceEqual(actual.bytes));
    }

    [Fact]
    public void WriteCode_InFloat64_WritesTheType()
    {
        var model = new OwnTensorsNet();
        model.to(ScalarType.Float64);
        Tensor example = randn([2, 3, 4], ScalarType.Float64);

        string code = Write(model, [example]);

        Assert.Contains("dtype: ScalarType.Float64", code, StringComparison.Ordinal);
        AssertEqual(model, [example], [randn([5, 3, 4], ScalarType.Float64)]);
    }

    [Fact]
    public void WriteCode_LeavesTheModelAsItWas()
    {
        var model = new OwnTensorsNet();
        model.train();
        byte[][] before = [.. model.state_dict().Values.Select(tensor => tensor.bytes.ToArray())];
        Tensor example = randn(2, 3, 4);
        byte[] given = example.bytes.ToArray();

        Write(model, [example]);

        Assert.True(model.training);
        Assert.Equal(before, model.state_dict().Values.Select(tensor => tensor.bytes.ToArray()));
        Assert.Equal(given, example.bytes.ToArray());
    }

    [Fact]
    public void WriteCode_OfWhatIsNoStraightLine_SaysAllReasonsAndWritesNothing()
    {
        var model = new RefusedNet(counts: true, looks: true, attends: true);

        CodeException refusal = Assert.Throws<CodeException>(() => Write(model, [randn(3, 2, 4)]));

        Assert.Equal("SPD1051", refusal.Code);
        Assert.Contains(refusal.Reasons, reason => reason.Contains("keeps no state", StringComparison.Ordinal));
        Assert.Contains(refusal.Reasons, reason => reason.Contains("looks at numbers", StringComparison.Ordinal));
        Assert.Contains(refusal.Reasons, reason => reason.Contains("settings", StringComparison.Ordinal));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void WriteCode_OfALoopOverSteps_WritesTheExamplesOnlyIfToldTo()
    {
        var model = new RefusedNet(loops: true);
        Tensor example = randn(3, 2, 4);

        CodeException refusal = Assert.Throws<CodeException>(() => Write(model, [example]));
        string code = Write(model, [example], new CodeOptions { AllowOtherPaths = true });

        Assert.Contains("other calls", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("the code makes the example's", code, StringComparison.Ordinal);
        AssertEqual(model, [example]);
    }

    [Fact]
    public void WriteCode_OfADecisionByTheTime_WritesTheExamplesOnlyIfToldTo()
    {
        var model = new RefusedNet(waits: true);
        Tensor example = randn(3, 2, 4);

        CodeException refusal = Assert.Throws<CodeException>(() => Write(model, [example]));
        string code = Write(model, [example], new CodeOptions { AllowOtherPaths = true });

        Assert.Contains(refusal.Reasons, reason => reason.Contains("RefusedNet.forward decides at", StringComparison.Ordinal));
        Assert.Contains("by Time: the code holds where", code, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("net.txt", "Net")]
    [InlineData("net.cs", "1Net")]
    [InlineData("net.cs", "class")]
    [InlineData("net.cs", "Linear")]
    public void WriteCode_WithNamesThatCannotBe_SaysWhatToGive(string file, string className)
    {
        Assert.Throws<ArgumentException>(() =>
            SmallModel.WriteCode(new NoiseNet(), randn(2, 4), _folder.File(file), new CodeOptions { ClassName = className })
        );
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void WriteCode_WhereNoFolderIs_SaysSo() =>
        Assert.Throws<PersistenceException>(() => SmallModel.WriteCode(new NoiseNet(), randn(2, 4), _folder.File("missing/net.cs")));

    [Fact]
    public void WriteCode_InPython_WritesTheSameNames()
    {
        SmallModel.WriteCode(new SharedNet(), [randn(2, 5, 6), randn(2, 5, 6)], _folder.File("net.py"));

        string code = File.ReadAllText(_folder.File("net.py"));
        Assert.Contains("self.first = nn.Linear(6, 6, bias=False)", code, StringComparison.Ordinal);
        Assert.Contains("self.gru = nn.GRU(6, 3, batch_first=True)", code, StringComparison.Ordinal);
        Assert.Contains("def forward(self, left, right):", code, StringComparison.Ordinal);
        using StateDict weights = StateDictFile.Load(_folder.File("net.pth"));
        Assert.Contains("gru.weight_ih_l0", weights.Names);
    }

    [Fact]
    public void WriteCode_OfManyFunctions_ComputesTheSameInCSharp()
    {
        var model = new FunctionsNet();

        Write(model, [randn(2, 5, 6)]);

        AssertEqual(model, [randn(2, 5, 6)], [randn(1, 10, 6)], [randn(7, 3, 6)]);
    }

    [Fact]
    public void WriteCode_OfManyFunctions_ComputesTheSameInPyTorch()
    {
        using IDisposable noGradients = no_grad();
        var model = new FunctionsNet();
        SmallModel.WriteCode(model, randn(2, 5, 6), _folder.File("functions.py"));
        model.eval();
        foreach ((int index, long[] shape) in new[] { new long[] { 2, 5, 6 }, [1, 10, 6], [7, 3, 6] }.Index())
        {
            using var content = new StateDict();
            Tensor input = randn(shape);
            content.Add("output0", model.call(input));
            content.Add("input0", input);
            StateDictFile.Save(content, _folder.File($"functions.case{index}.pth"));
        }

        IReadOnlyDictionary<string, string>? lines = PyTorch.Compare(_folder.Path);

        if (lines is null)
            Assert.Skip("There is no python3 with torch on this machine.");
        Assert.StartsWith("3 ", lines["functions"], StringComparison.Ordinal);
        Assert.InRange(double.Parse(lines["functions"][2..], CultureInfo.InvariantCulture), 0, 1e-5);
    }

    private string Write(nn.Module model, Tensor[] example, CodeOptions? options = null)
    {
        CodeFiles files = SmallModel.WriteCode(
            model,
            example,
            _folder.File("net.cs"),
            (options ?? new CodeOptions()) with
            {
                Namespace = "Written.Networks",
                ClassName = "Net",
            }
        );
        Assert.Equal(
            [_folder.File("net.cs"), _folder.File("net.dat")],
            Directory.EnumerateFiles(_folder.Path).Order(StringComparer.Ordinal)
        );
        Assert.Equal(_folder.File("net.dat"), files.Weights);
        return File.ReadAllText(files.Code);
    }

    private nn.Module Load() => CompiledCode.Load(_folder.File("net.cs"), "Written.Networks.Net");

    private void AssertEqual(nn.Module model, params Tensor[][] calls)
    {
        using IDisposable noGradients = no_grad();
        model.eval();
        nn.Module loaded = Load();
        foreach (Tensor[] inputs in calls)
        foreach ((Tensor expected, Tensor actual) in Run(model, inputs).Zip(Run(loaded, inputs)))
        {
            Assert.Equal(expected.shape, actual.shape);
            Assert.True(expected.bytes.SequenceEqual(actual.bytes), string.Join('x', inputs[0].shape));
        }
    }

    private static Tensor[] Run(nn.Module model, Tensor[] inputs) =>
        model switch
        {
            nn.Module<Tensor, Tensor> single => [single.call(inputs[0].clone())],
            nn.Module<Tensor, Tensor, Tensor> two => [two.call(inputs[0].clone(), inputs[1].clone())],
            nn.Module<Tensor, (Tensor, Tensor)> pair => pair.call(inputs[0].clone()) is var (first, second) ? [first, second] : [],
            _ => throw new NotSupportedException(),
        };
}
