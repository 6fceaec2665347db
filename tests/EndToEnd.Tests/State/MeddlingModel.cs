using System.Reflection;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace EndToEnd.Tests.State;

/// <summary>A model whose passes write what passes rarely write.</summary>
internal sealed class MeddlingModel : nn.Module<Tensor, Tensor>
{
    public static readonly string[] Kinds =
    [
        "embedding with a largest norm",
        "bias in place",
        "weight through its data",
        "weight through a detached alias",
        "default dtype",
        "gradient mode",
        "requires_grad",
        "gradients",
        "training flags",
        "buffer disposed and replaced",
        "buffer registered anew",
        "parameter registered anew",
        "field disposed and replaced",
        "elements of a field",
        "generator",
        "random",
        "number in a static field",
    ];

    public static int Passes;
    public readonly Embedding table = nn.Embedding(11, 8, max_norm: 0.5);
    public readonly Linear first = nn.Linear(8, 8);
    public readonly Linear last = nn.Linear(8, 4);
    public readonly Generator Noise = new(5);
    public readonly Random Numbers = new();
    public Tensor Cache = ones(8).DetachFromDisposeScope();
    private readonly string kind;
    private Tensor buffer = zeros(8);

    public MeddlingModel(string kind)
        : base(nameof(MeddlingModel))
    {
        this.kind = kind;
        RegisterComponents();
        Passes = 0;
    }

    /// <summary>What a pass does at its end.</summary>
    public Action AtEnd { get; set; } = () => { };

    public override Tensor forward(Tensor ids)
    {
        Tensor x = kind == "embedding with a largest norm" ? table.forward(ids) : nn.functional.one_hot(ids, 8).to(ScalarType.Float32);
        Meddle(x);
        Tensor result = last.forward(fft.ifft2(fft.fft2(first.forward(x))).real); // without a handler
        AtEnd();
        return result;
    }

    /// <summary>All that a pass may write, in words.</summary>
    public string Describe()
    {
        using var scope = NewDisposeScope();
        string flags = string.Join(" ", this.parameters().Select(parameter => $"{parameter.requires_grad}/{Show(parameter.grad)}"));
        string names = string.Join(
            " ",
            this.named_parameters().Select(own => own.name).Concat(this.named_buffers().Select(own => own.name))
        );
        return $"{Snapshot.Of(this).Text}\n{flags}\n{names}\n{Show(Cache)} {Show(buffer)} {Show(Noise.get_state())} {get_default_dtype()} "
            + $"{is_grad_enabled()} {Passes} {StateOf(Numbers)}";
    }

    private static string Show(Tensor? tensor) => tensor is null ? "none" : Convert.ToHexString(tensor.detach().contiguous().bytes);

    private static string StateOf(Random numbers)
    {
        const BindingFlags Fields = BindingFlags.Instance | BindingFlags.NonPublic;
        object inner = typeof(Random).GetField("_impl", Fields)!.GetValue(numbers)!;
        return string.Join(" ", inner.GetType().GetFields(Fields).Select(field => field.GetValue(inner)));
    }

    private void Meddle(Tensor x)
    {
        switch (kind)
        {
            case "bias in place":
                first.bias!.mul_(0.5);
                break;
            case "weight through its data":
                first.weight.data<float>()[0, 3] = 7;
                break;
            case "weight through a detached alias":
                first.weight.detach().add_(1);
                break;
            case "default dtype":
                set_default_dtype(ScalarType.Float64);
                break;
            case "gradient mode":
                set_grad_enabled(true);
                break;
            case "requires_grad":
                first.weight.requires_grad = !first.weight.requires_grad;
                break;
            case "gradients":
                last.weight.grad = null;
                first.weight.grad?.add_(1);
                first.bias!.grad = ones_like(first.bias);
                break;
            case "training flags":
                first.train();
                break;
            case "buffer disposed and replaced":
                buffer.Dispose();
                buffer = x.mean([0L, 1L]).DetachFromDisposeScope();
                break;
            case "buffer registered anew":
                buffer = x.mean([0L, 1L]).DetachFromDisposeScope();
                _internal_buffers.Remove(nameof(buffer));
                register_buffer(nameof(buffer), buffer);
                break;
            case "parameter registered anew":
                first.register_parameter("extra", nn.Parameter(ones(2)));
                break;
            case "field disposed and replaced":
                Cache.Dispose();
                Cache = zeros(3).DetachFromDisposeScope();
                break;
            case "elements of a field":
                Cache.view(2, 4).add_(1);
                break;
            case "generator":
                _ = rand(3, generator: Noise);
                _ = Numbers.Next();
                break;
            case "random":
                _ = rand(3);
                break;
            case "number in a static field":
                Passes++;
                break;
        }
    }
}
