using Acceptance.Tests.Support;
using EndToEnd.Tests;
using Speedup.Abstractions;
using Speedup.Core.Reporting;
using Speedup.Persistence;
using Speedup.Persistence.Masks;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace Acceptance.Tests.Cases;

/// <summary>Case 20: what looks pruned and is not, everything pruned, nothing pruned, frozen, saved, and in other types.</summary>
public sealed class DegenerateTests
{
    private static readonly int[] Dead1 = [0, 3, 5];
    private static readonly int[] Dead2 = [1, 2, 4, 7];
    private static readonly long[][] Sizes =
    [
        [1, 1, 9, 9],
        [3, 1, 9, 9],
        [2, 1, 5, 14],
    ];

    public static TheoryData<ScalarType> Types => [ScalarType.Float32, ScalarType.Float64];

    public static TheoryData<bool, ScalarType> Shortcuts =>
        new MatrixTheoryData<bool, ScalarType>([false, true], [ScalarType.Float32, ScalarType.Float64]);

    [Theory]
    [MemberData(nameof(Types))]
    public void FiltersWhoseWeightsSumToZero_AreNotPruned(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using Trial<Chain> trial = Create(dtype, adjust: model => model.SetSobel(1, 4));
        trial.Masks.Add("conv1", Dead1);

        trial.Run();

        Tensor before = trial.Masked.state_dict()["conv1.weight"];
        Tensor after = trial.Model.state_dict()["conv1.weight"];
        Assert.InRange(after.shape[0], 5, 6); // five live, one may carry
        foreach (int row in (int[])[1, 2, 4, 6, 7])
            Assert.Contains(Enumerable.Range(0, (int)after.shape[0]), kept => after[kept].Equals(before[row]));
        trial.AssertEqual(Sizes);
    }

    [Theory]
    [MemberData(nameof(Shortcuts))]
    public void LayerWithAllFiltersPruned_IsAConstantAndTheNetworkStillRuns(bool hasShortcut, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using Trial<Chain> trial = Create(dtype, hasShortcut);
        trial.Masks.Add("conv2", Enumerable.Range(0, 8));

        SpeedupReport report = trial.Run();

        Assert.Equal(hasShortcut ? 8 : 1, trial.Shape("conv2.weight")[0]);
        Assert.Equal(1, trial.Shape("conv1.weight")[0]); // nobody reads it any more
        Assert.Contains(report.Kept, kept => kept.Cause == KeepCause.LastIndex);
        trial.AssertEqual(Sizes);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void MasksOfOnes_LeaveEveryByteAlone(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using Trial<Chain> trial = Create(dtype);
        trial.Masks.Add("conv1", []);
        trial.Masks.Add("conv2", []);
        trial.Masks.Add("fc", []);
        Snapshot before = Snapshot.Of(trial.Model);

        trial.Run();

        Assert.Equal(before, Snapshot.Of(trial.Model));
    }

    [Fact]
    public void FrozenModel_BecomesSmallerAndStaysFrozen()
    {
        using var scope = NewDisposeScope();
        using Trial<Chain> trial = CreateMasked(ScalarType.Float64);
        foreach (Parameter parameter in trial.Model.parameters())
            parameter.requires_grad = false;

        SpeedupReport report = trial.Run();

        Assert.True(report.ParametersAfter < report.ParametersBefore);
        Assert.All(trial.Model.parameters(), parameter => Assert.False(parameter.requires_grad));
        trial.AssertEqual(Sizes);
    }

    [Fact]
    public void NoGradContext_DoesNotMatter()
    {
        using var scope = NewDisposeScope();
        using Trial<Chain> trial = CreateMasked(ScalarType.Float64);
        using (no_grad())
        {
            SpeedupReport report = trial.Run();
            Assert.True(report.ParametersAfter < report.ParametersBefore);
            Assert.False(is_grad_enabled());
        }

        Assert.True(is_grad_enabled());
        Assert.All(trial.Model.parameters(), parameter => Assert.True(parameter.requires_grad));
        trial.AssertEqual(Sizes);
    }

    [Theory]
    [MemberData(nameof(Shortcuts))]
    public void SpeedupOfTheSmallModel_ChangesNothing(bool hasShortcut, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using Trial<Chain> trial = CreateMasked(dtype, hasShortcut);
        trial.Run();
        Snapshot small = Snapshot.Of(trial.Model);

        Engine.Shared.Speedup(trial.Model, [zeros([2, 1, 9, 9], dtype)], MaskSet.Empty);

        Assert.Equal(small, Snapshot.Of(trial.Model));
    }

    /// <summary>
    /// A state dict holds no code, and so a process without the model's class cannot load it: what is saved are the small tensors,
    /// and they fit a model that was made small by the same masks, whatever its weights are.
    /// </summary>
    [Theory]
    [InlineData(".pth")]
    [InlineData(".safetensors")]
    public void SavedSmallModel_LoadedIntoAnother_IsEqualBitForBit(string extension)
    {
        using var scope = NewDisposeScope();
        using Trial<Chain> trial = CreateMasked(ScalarType.Float32);
        trial.Run();
        using Trial<Chain> other = CreateMasked(ScalarType.Float32);
        other.Run();
        using (no_grad())
        {
            foreach (Tensor tensor in other.Model.state_dict().Values)
                tensor.fill_(7);
        }
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + extension);
        try
        {
            StateDictFile.Save(trial.Model, path);
            StateDictFile.LoadInto(other.Model, path);
        }
        finally
        {
            File.Delete(path);
        }

        foreach (long[] size in Sizes)
        {
            Tensor expected = trial.Outputs(size).Actual[0];
            Assert.Equal(expected.bytes.ToArray(), other.Outputs(size).Actual[0].bytes.ToArray());
        }
    }

    /// <summary>On the CPU only: there is no CUDA device to test on, and the engine asks for a tensor's device wherever it makes one.</summary>
    [Theory]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float64)]
    public void OtherTypes_GiveTheSameStructure(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using Trial<Chain> single = CreateMasked(ScalarType.Float32);
        using Trial<Chain> trial = CreateMasked(dtype);

        single.Run();
        trial.Run();

        Dictionary<string, Tensor> state = trial.Model.state_dict();
        foreach ((string name, Tensor tensor) in single.Model.state_dict())
        {
            Assert.Equal(tensor.shape, state[name].shape);
            Assert.Equal(tensor.is_floating_point() ? dtype : ScalarType.Int64, state[name].dtype);
        }
    }

    private static Trial<Chain> Create(ScalarType dtype, bool hasShortcut = false, Action<Chain>? adjust = null) =>
        new(() => new Chain(hasShortcut), dtype, [2, 1, 9, 9], adjust: adjust);

    private static Trial<Chain> CreateMasked(ScalarType dtype, bool hasShortcut = false)
    {
        Trial<Chain> trial = Create(dtype, hasShortcut);
        trial.Masks.Add("conv1", Dead1);
        trial.Masks.Add("conv2", Dead2);
        return trial;
    }

    private sealed class Chain : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d enter;
        private readonly Conv2d conv1;
        private readonly BatchNorm2d norm;
        private readonly Conv2d conv2;
        private readonly Conv2d conv3;
        private readonly Linear fc;
        private readonly bool _hasShortcut;

        public Chain(bool hasShortcut)
            : base(nameof(Chain))
        {
            enter = nn.Conv2d(1, 8, 1);
            conv1 = nn.Conv2d(8, 8, 3, padding: 1);
            norm = nn.BatchNorm2d(8);
            conv2 = nn.Conv2d(8, 8, 3, padding: 1);
            conv3 = nn.Conv2d(8, 6, 3, padding: 1);
            fc = nn.Linear(6, 4);
            _hasShortcut = hasShortcut;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            Tensor x = enter.forward(input);
            Tensor y = conv2.forward(norm.forward(conv1.forward(x)).relu());
            x = conv3.forward(_hasShortcut ? (y + x).sigmoid() : y.sigmoid()).relu();
            return fc.forward(x.mean([2, 3]));
        }

        /// <summary>Makes filters of the first convolution find edges.</summary>
        public void SetSobel(params int[] rows)
        {
            using var scope = NewDisposeScope();
            Tensor sobel = tensor((double[])[-1, 0, 1, -2, 0, 2, -1, 0, 1], dtype: conv1.weight.dtype).reshape(3, 3);
            foreach (int row in rows)
                conv1.weight[row].copy_(sobel.expand(8, 3, 3));
        }
    }
}
