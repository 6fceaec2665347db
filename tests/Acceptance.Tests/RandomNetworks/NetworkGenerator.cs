using TorchSharp;
using TorchSharp.Modules;
using Zoo;
using static TorchSharp.torch;

namespace Acceptance.Tests.RandomNetworks;

/// <summary>Makes a random network: the same seed gives the same network, weights included.</summary>
internal sealed class NetworkGenerator
{
    private const int MaxChannels = 24;
    private const int MaxElements = 24 * 100;
    private readonly Random _random;
    private readonly RandomNetwork _network;
    private readonly List<Tensor> _values = [];

    private readonly NetworkFamily _family;

    private NetworkGenerator(int seed, RandomNetwork network, NetworkFamily family)
    {
        _family = family;
        _random = new Random(seed);
        _network = network;
    }

    /// <summary>Channels of the input.</summary>
    public const int InputChannels = 3;

    /// <summary>Height and width of the first input.</summary>
    public const int Size = 7;

    public static RandomNetwork Create(int seed, NetworkFamily family = NetworkFamily.Plain, ScalarType dtype = ScalarType.Float64)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var ofDtype = new DefaultType(dtype); // Module.to disposes a parameter of two modules twice
        manual_seed(seed); // what blocks keep of the calls by which shapes are learnt depends on their first weights
        var network = new RandomNetwork();
        var generator = new NetworkGenerator(seed, network, family);
        generator._values.Add(ones(1, InputChannels, Size, Size));
        generator.Build();
        RandomStatistics.Apply(network, seed);
        network.eval();
        foreach (Tensor tensor in network.state_dict().Values)
            tensor.DetachFromDisposeScope();
        return network;
    }

    private void Build()
    {
        _network.eval();
        int steps = _random.Next(3, 12);
        for (int i = 0; i < steps; i++)
        {
            AddStep();
            if (_family != NetworkFamily.Plain && Flip())
                AddFamilyStep();
        }
        int outputs = _random.Next(1, 4);
        for (int i = 0; i < outputs; i++)
            _network.AddOutput(MakeHead(i == 0 ? Last(4) : Pick(_ => true)));
    }

    private void AddStep()
    {
        for (int attempt = 0; ; attempt++)
        {
            int first = Pick(value => value.dim() == 4);
            Step step = _random.Next(3) == 0 ? Draw(first) : new Step(StepKind.Module, first, 0, DrawModule((int)_values[first].shape[1]));
            if (TryAdd(step))
                return;
            if (attempt > 50)
                throw new InvalidOperationException("No step fits; change the generator.");
        }
    }

    private void AddFamilyStep()
    {
        int first = Pick(value => value.dim() == 4);
        int channels = (int)_values[first].shape[1];
        TryAdd(new Step(StepKind.Module, first, 0, DrawFamilyModule(channels)));
    }

    private nn.Module<Tensor, Tensor> DrawFamilyModule(int channels) =>
        _family switch
        {
            NetworkFamily.Sizes => _random.Next(8) switch
            {
                0 or 1 => new PositionsBlock(channels),
                2 => new RowTableBlock(channels, _random.Next(4)),
                3 => new CausalBlock(channels),
                _ => new SizeCodeBlock(channels, _random.Next(SizeCodeBlock.Kinds)),
            },
            NetworkFamily.State => Flip()
                ? new BufferBlock(channels, _random.Next(BufferBlock.Kinds))
                : new FieldBlock(_random.Next(FieldBlock.Kinds)),
            NetworkFamily.Scales => new ThresholdBlock(channels, _random.Next(ThresholdBlock.Kinds)),
            _ => new NoiseBlock(DrawNoise()),
        };

    /// <summary>Noise of one number a channel comes last: a smaller model draws fewer numbers, so that what follows would be other noise.</summary>
    private int DrawNoise()
    {
        bool drewByChannel = _network.Steps.Any(step => step.Module is NoiseBlock { IsByChannel: true });
        int kind;
        do kind = _random.Next(NoiseBlock.Kinds);
        while (drewByChannel && !new NoiseBlock(kind).IsByChannel);
        return kind;
    }

    private Step Draw(int first)
    {
        StepKind[] kinds =
        [
            StepKind.Add,
            StepKind.Add,
            StepKind.AddInPlace,
            StepKind.Subtract,
            StepKind.Multiply,
            StepKind.Maximum,
            StepKind.Concatenate,
            StepKind.Concatenate,
            StepKind.ConcatenateSelf,
            StepKind.SigmoidGate,
            StepKind.PooledGate,
            StepKind.Relu,
            StepKind.ReluInPlace,
            StepKind.Sigmoid,
            StepKind.Affine,
            StepKind.AffineInPlace,
            StepKind.Negate,
            StepKind.FunctionalMaxPool,
            StepKind.FunctionalAveragePool,
            StepKind.TruthGate,
            StepKind.Choice,
            StepKind.Copied,
            StepKind.Filled,
            StepKind.SortedRows,
            StepKind.LargestOfRows,
            StepKind.Deviation,
            StepKind.RowsWritten,
            StepKind.RowsTaken,
            StepKind.Broadcast,
            StepKind.Iterated,
        ];
        StepKind kind = kinds[_random.Next(kinds.Length)];
        long[] shape = _values[first].shape;
        int second = kind switch
        {
            StepKind.Concatenate => Pick(value => value.dim() == 4 && value.shape.AsSpan(2).SequenceEqual(shape.AsSpan(2))),
            StepKind.PooledGate or StepKind.Broadcast => Pick(value => value.dim() == 4 && value.shape[1] == shape[1]),
            _ => Pick(value => value.shape.SequenceEqual(shape)),
        };
        return new Step(kind, first, second);
    }

    /// <summary>Whether the step can run; a written input (value 0) is the caller's and stays.</summary>
    private bool TryAdd(Step step)
    {
        if (step.First == 0 && step.Kind is StepKind.AddInPlace or StepKind.ReluInPlace or StepKind.AffineInPlace)
            return false;
        step.Module?.eval();
        Tensor value;
        try
        {
            value = RandomNetwork.Run(step, _values);
        }
        catch (Exception failure) when (failure is System.Runtime.InteropServices.ExternalException or ArgumentException)
        {
            return false;
        }
        bool fits =
            value.dim() != 4 || value.shape[1] <= MaxChannels && value.numel() <= MaxElements && value.shape[2] >= 2 && value.shape[3] >= 2;
        if (!fits)
            return false;
        _network.Add(step);
        _values.Add(value);
        return true;
    }

    private int MakeHead(int value)
    {
        if (_values[value].dim() != 4 || _random.Next(4) == 0)
            return value;
        int flat = _random.Next(3) switch
        {
            0 => AddAt(new Step(StepKind.GlobalMean, value)),
            1 => AddAt(new Step(StepKind.FlattenSpatial, value)),
            _ => value,
        };
        int features = (int)_values[flat].shape.Skip(1).Aggregate(1L, (a, b) => a * b);
        return AddAt(new Step(StepKind.Module, flat, 0, new HeadBlock(features, _random.Next(3, 9), 4)));
    }

    private int AddAt(Step step)
    {
        if (!TryAdd(step))
            throw new InvalidOperationException($"{step} does not run.");
        return _values.Count - 1;
    }

    private int Last(int rank) => _values.FindLastIndex(value => value.dim() == rank);

    /// <summary>Any value that fits, the newer the likelier; the condition must hold for one.</summary>
    private int Pick(Func<Tensor, bool> fits)
    {
        int[] candidates = [.. Enumerable.Range(0, _values.Count).Where(i => fits(_values[i]))];
        int newest = candidates.Length - 1;
        return candidates[_random.Next(2) == 0 ? newest : _random.Next(candidates.Length)];
    }

    private nn.Module<Tensor, Tensor> DrawModule(int channels)
    {
        int output = _random.Next(2, 13);
        return _random.Next(34) switch
        {
            < 6 => DrawConvolution(channels),
            < 8 => nn.Sequential(DrawConvolution(channels), nn.ReLU(inplace: true)),
            8 => nn.Conv2d(channels, channels, 3, padding: 1, groups: channels, bias: Flip()),
            9 => nn.Conv2d(channels, 2 * channels, 3, padding: 1, groups: channels, bias: Flip()),
            10 or 11 => nn.BatchNorm2d(channels),
            12 => nn.BatchNorm2d(channels, affine: false),
            13 or 14 => DrawActivation(channels),
            15 => nn.MaxPool2d(3, stride: _random.Next(1, 3), padding: 1),
            16 => nn.AvgPool2d(3, stride: _random.Next(1, 3), padding: 1, count_include_pad: Flip()),
            17 => DrawTransposed(channels),
            18 or 19 => new ResidualBlock(channels, output),
            20 => new InvertedBlock(channels, 2),
            21 => new GateBlock(channels),
            22 => channels % 2 == 0 ? new ShuffleBlock(channels) : new TwiceBlock(channels),
            23 => new TwiceBlock(channels),
            24 => new TiedBlock(channels, output),
            25 => new SliceWriteBlock(channels),
            26 => new ScaleBlock(channels),
            27 => new TokenBlock(channels, output, Flip()),
            28 => new PlaceGateBlock(),
            29 => channels > 1 ? new SplitBlock(channels) : new ScaleBlock(channels),
            30 => new StackBlock(channels, output),
            31 => new PadBlock(channels, output),
            32 => Flip() ? new PixelBlock(channels, Math.Min(output, 4)) : new IndexBlock(channels, output),
            _ => new LambdaBlock(channels, 2),
        };
    }

    private nn.Module<Tensor, Tensor> DrawConvolution(int channels)
    {
        int kernel = 1 + 2 * _random.Next(3);
        int groups = Enumerable.Range(1, channels).Where(g => channels % g == 0).OrderBy(_ => _random.Next()).First();
        if (Flip())
            groups = 1;
        int output = groups * _random.Next(1, Math.Max(2, 12 / groups + 1));
        int padding = _random.Next(3) == 0 ? 0 : kernel / 2;
        PaddingModes mode = _random.Next(4) == 0 ? (PaddingModes)_random.Next(4) : PaddingModes.Zeros;
        bool bias = Flip();
        Conv2d convolution = nn.Conv2d(
            channels,
            output,
            kernel,
            stride: _random.Next(4) == 0 ? 2 : 1,
            padding: padding,
            dilation: kernel == 3 && padding == 1 && _random.Next(5) == 0 ? 2 : 1,
            groups: groups,
            bias: bias,
            padding_mode: mode
        );
        return Flip() ? nn.Sequential(convolution, nn.BatchNorm2d(output)) : convolution;
    }

    private ConvTranspose2d DrawTransposed(int channels)
    {
        int groups = channels % 2 == 0 && Flip() ? 2 : 1;
        int output = groups * _random.Next(1, 5);
        return Flip()
            ? nn.ConvTranspose2d(channels, output, 3, stride: 1, padding: 1, groups: groups, bias: Flip())
            : nn.ConvTranspose2d(channels, output, 3, stride: 2, padding: 1, output_padding: 1, groups: groups, bias: Flip());
    }

    private nn.Module<Tensor, Tensor> DrawActivation(int channels) =>
        _random.Next(17) switch
        {
            0 => nn.ReLU(),
            1 => nn.ReLU6(inplace: true),
            2 => nn.LeakyReLU(0.2),
            3 => nn.Sigmoid(),
            4 => nn.Tanh(),
            5 => nn.GELU(),
            6 => nn.SiLU(),
            7 => nn.Hardswish(inplace: true),
            8 => nn.Hardsigmoid(),
            9 => nn.Softplus(),
            10 => nn.ELU(),
            11 => nn.Mish(),
            12 => nn.PReLU(channels),
            13 => nn.Softmax(1),
            14 => channels % 2 == 0 ? nn.GLU(1) : nn.Softsign(),
            15 => nn.GroupNorm(channels % 2 == 0 ? 2 : 1, channels),
            _ => nn.Dropout(0.3),
        };

    private bool Flip() => _random.Next(2) == 0;

    /// <summary>Sets the type of new parameters, and puts it back.</summary>
    private sealed class DefaultType : IDisposable
    {
        private readonly ScalarType _before = get_default_dtype();

        public DefaultType(ScalarType type) => set_default_dtype(type);

        public void Dispose() => set_default_dtype(_before);
    }
}
