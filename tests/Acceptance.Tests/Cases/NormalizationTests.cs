using TorchSharp.Modules;
using Xunit;
using Zoo.Networks;
using static TorchSharp.torch;

namespace Acceptance.Tests.Cases;

/// <summary>
/// Case 15: normalisations whose statistics are the input's own. What they normalise over must stay, pruned or not, since a mean
/// counts it; what lies between two of them goes.
/// </summary>
public sealed class NormalizationTests
{
    public static TheoryData<ScalarType> Types => [ScalarType.Float32, ScalarType.Float64];

    public static TheoryData<string, ScalarType> Networks =>
        new MatrixTheoryData<string, ScalarType>(["mlp_mixer", "convnext", "rms", "group"], [ScalarType.Float32, ScalarType.Float64]);

    [Theory]
    [MemberData(nameof(Networks))]
    public void NormalizedNetwork_WithMaskedHiddenRows_LosesThemAll(string name, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using Trial<nn.Module> trial = Create(name, dtype);
        trial.Masks.AddRandomHalf((path, module) => IsHidden(path, module));
        Dictionary<string, long[]> before = Shapes(trial.Model);

        trial.Run();

        Dictionary<string, long[]> after = Shapes(trial.Model);
        Assert.NotEmpty(trial.Masks.Dead);
        string[] hidden = [.. trial.Masks.Dead.Keys];
        foreach (string path in hidden)
            Assert.Equal(before[path + ".weight"][0] - trial.Masks.Dead[path].Length, after[path + ".weight"][0]);
        string[] readers = [.. before.Keys.Where(key => before[key].Length > 1 && before[key][1] != after[key][1])];
        Assert.Equal(hidden.Length, readers.Length);
        IEnumerable<string> others = before.Keys.Where(key =>
            !readers.Contains(key) && !hidden.Any(path => key.StartsWith(path + ".", StringComparison.Ordinal))
        );
        Assert.All(others, key => Assert.Equal(before[key], after[key]));
        trial.AssertEqual(Sizes(name));
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void NormalizedNetwork_WithMasksOnEveryLayer_KeepsWhatIsNormalisedAndIsEqual(string name, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using Trial<nn.Module> trial = Create(name, dtype);
        trial.Masks.AddRandomHalf((_, _) => true);
        Dictionary<string, long[]> before = Shapes(trial.Model);

        var report = trial.Run();

        Dictionary<string, long[]> after = Shapes(trial.Model);
        string[] norms = [.. NormParameters(trial.Model)];
        Assert.NotEmpty(norms);
        Assert.All(norms, key => Assert.Equal(before[key], after[key]));
        Assert.NotEmpty(report.Kept);
        Assert.True(report.ParametersAfter < report.ParametersBefore);
        trial.AssertEqual(Sizes(name));
    }

    /// <summary>Vectors that belong neither to a convolution nor to a linear layer.</summary>
    private static IEnumerable<string> NormParameters(nn.Module model) =>
        from entry in model.named_modules()
        where entry.module is not (Convolution or Linear)
        from own in entry.module.named_parameters(recurse: false)
        where own.parameter.dim() == 1
        select $"{entry.name}.{own.name}";

    private static bool IsHidden(string path, nn.Module module) =>
        module switch
        {
            Linear linear => linear.weight.shape[0] > linear.weight.shape[1] && !path.StartsWith("head", StringComparison.Ordinal),
            _ => path.EndsWith("expand", StringComparison.Ordinal),
        };

    private static Dictionary<string, long[]> Shapes(nn.Module model) =>
        model.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter.shape);

    private static Trial<nn.Module> Create(string name, ScalarType dtype) =>
        name switch
        {
            "mlp_mixer" => new(() => new MlpMixer(8, 32, 8, 10), dtype, [2, 3, 32, 32]),
            "convnext" => new(() => new ConvNeXt(8, 10), dtype, [2, 3, 64, 64]),
            "rms" => new(() => new RmsNetwork(), dtype, [2, 7, 12]),
            _ => new(() => new GroupNetwork(), dtype, [2, 3, 9, 9]),
        };

    private static long[][] Sizes(string name) =>
        name switch
        {
            "mlp_mixer" =>
            [
                [1, 3, 32, 32],
                [3, 3, 32, 32],
            ], // it mixes a fixed number of patches
            "convnext" =>
            [
                [1, 3, 64, 64],
                [3, 3, 64, 64],
                [2, 3, 96, 64],
            ],
            "rms" =>
            [
                [1, 7, 12],
                [3, 7, 12],
                [2, 19, 12],
            ],
            _ =>
            [
                [1, 3, 9, 9],
                [3, 3, 9, 9],
                [2, 3, 5, 14],
            ],
        };

    /// <summary>The norm of language models, written out.</summary>
    private sealed class RmsNorm : nn.Module<Tensor, Tensor>
    {
        private readonly Parameter weight;

        public RmsNorm(int width)
            : base(nameof(RmsNorm))
        {
            weight = nn.Parameter(ones(width));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => input * (input.pow(2).mean([-1], keepdim: true) + 1e-6).rsqrt() * weight;
    }

    private sealed class RmsNetwork : nn.Module<Tensor, Tensor>
    {
        private readonly Linear enter;
        private readonly RmsNorm norm1;
        private readonly Linear up1;
        private readonly Linear down1;
        private readonly RmsNorm norm2;
        private readonly Linear up2;
        private readonly Linear down2;
        private readonly Linear head;

        public RmsNetwork()
            : base(nameof(RmsNetwork))
        {
            enter = nn.Linear(12, 10);
            norm1 = new RmsNorm(10);
            up1 = nn.Linear(10, 40);
            down1 = nn.Linear(40, 10);
            norm2 = new RmsNorm(10);
            up2 = nn.Linear(10, 40);
            down2 = nn.Linear(40, 10);
            head = nn.Linear(10, 5);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            Tensor x = enter.forward(input);
            x = x + down1.forward(nn.functional.silu(up1.forward(norm1.forward(x))));
            x = x + down2.forward(nn.functional.gelu(up2.forward(norm2.forward(x))));
            return head.forward(x);
        }
    }

    private sealed class GroupNetwork : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d stem;
        private readonly GroupNorm norm1;
        private readonly Conv2d expand;
        private readonly Conv2d project;
        private readonly GroupNorm norm2;
        private readonly Conv2d last;

        public GroupNetwork()
            : base(nameof(GroupNetwork))
        {
            stem = nn.Conv2d(3, 8, 3, padding: 1);
            norm1 = nn.GroupNorm(2, 8);
            expand = nn.Conv2d(8, 24, 1);
            project = nn.Conv2d(24, 8, 1);
            norm2 = nn.GroupNorm(4, 8);
            last = nn.Conv2d(8, 4, 3, padding: 1);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            Tensor x = norm1.forward(stem.forward(input)).relu();
            x = x + project.forward(nn.functional.gelu(expand.forward(x)));
            return last.forward(norm2.forward(x));
        }
    }
}
